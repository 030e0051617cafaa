// The shell for Spin, from outside: what it owes to every request whatever the functions answer.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build, start } from './spin-host.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lanekeeper-spin-'));
const sqlite = join(folder, 'lanekeeper.db');
let host;

before(async () => {
  build();
  host = await start({ sqlite, variables: { internal_secret: 'open-sesame' } });
});

after(async () => {
  await host?.end();
  rmSync(folder, { recursive: true });
});

const tick = (url, options) => fetch(`${url}/internal/tick`, { method: 'POST', ...options });

test('answers with a length, so that the connection can be used again', async () => {
  const response = await fetch(`${host.url}/health`);
  const body = await response.text();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-length'), String(Buffer.byteLength(body)));
  assert.equal(JSON.parse(body).status, 'ok');
});

test('serves fifty connections at once', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const health = () => new Promise((resolve, reject) => {
    request(`${host.url}/health`, { agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject).end();
  });
  const statuses = await Promise.all(Array.from({ length: 1000 }, health));
  agent.destroy();
  assert.deepEqual(new Set(statuses), new Set([200]));
});

test('lets only the bearer of the secret move the clock', async () => {
  const refused = await tick(host.url, { headers: { authorization: 'Bearer abracadabra' } });
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  assert.equal((await tick(host.url)).status, 403);

  const granted = await tick(host.url, { headers: { authorization: 'Bearer open-sesame' } });
  assert.equal(granted.status, 204);
  assert.equal(await granted.text(), '');
});

test('has no clock to move without a secret', async () => {
  const closed = await start({ sqlite: join(folder, 'closed.db') });
  assert.equal((await tick(closed.url, { headers: { authorization: 'Bearer ' } })).status, 404);
  assert.equal(await closed.end(), 0);
});

test('refuses a body that would fill its memory', async () => {
  const response = await fetch(`${host.url}/health`, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) });
  assert.equal(response.status, 413);
});

test('starts again on the database of a host that was killed', async () => {
  const killed = join(folder, 'killed.db');
  const first = await start({ sqlite: killed });
  assert.equal((await fetch(`${first.url}/health`)).status, 200);
  assert.equal(await first.end('SIGKILL'), null);

  const second = await start({ sqlite: killed });
  assert.equal((await fetch(`${second.url}/health`)).status, 200);
  await second.end();
});
