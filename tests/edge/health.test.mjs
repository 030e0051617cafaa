// What every deployment answers before anything else works.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from './runtime.mjs';

describe(`a deployment on ${kind}`, () => {
  let runtime;
  before(async () => {
    runtime = await startRuntime();
  });
  after(() => runtime?.stop());

  it('says that it lives', async () => {
    const response = await runtime.fetch('/health');
    assert.equal(response.status, 200);
    assert.equal((await response.json()).status, 'ok');
  });

  it('says how long its answers are', async () => {
    // A chunked answer waits for Nagle's algorithm on some runtimes.
    const response = await fetch(`${runtime.directUrl}/health`);
    assert.equal(Number(response.headers.get('content-length')), (await response.text()).length);
  });

  it('serves fifty requests at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => runtime.fetch('/health')));
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]));
  });

  it('explains what is not there', async () => {
    const response = await runtime.fetch('/nothing/here?x=%2F');
    assert.equal(response.status, 404);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    assert.match((await response.json()).detail, /\/nothing\/here\./);
  });

  it('has the tables of the migrations', async () => {
    const [{ count }] = await runtime.sql('SELECT count(*) AS count FROM stores WHERE id <> ?1', 'x');
    assert.equal(count, 0);
  });

  it('moves the clock only for who knows the secret', async () => {
    const tick = (authorization) =>
      runtime.fetch('/internal/tick', { method: 'POST', headers: authorization ? { authorization } : {} });
    assert.equal((await tick()).status, 403);
    assert.equal((await tick('Bearer wrong')).status, 403);
    assert.equal((await tick(`Bearer ${runtime.settings.INTERNAL_SECRET}`)).status, 204);
    await runtime.tick();
  });

  it('refuses a body that is too large', async () => {
    const body = new Uint8Array(10 * 1024 * 1024 + 1);
    const response = await runtime.fetch('/channels/twilio/x', { method: 'POST', body });
    assert.equal(response.status, 413);
  });

  it('keeps its data when it is killed', async () => {
    await runtime.sql("INSERT INTO stores (id, group_id, profile) VALUES (?1, 'g', '{}')", 'survivor');
    await runtime.kill();
    await assert.rejects(runtime.fetch('/health'));
    await runtime.restart();
    assert.equal((await runtime.fetch('/health')).status, 200);
    assert.equal((await runtime.sql('SELECT id FROM stores'))[0].id, 'survivor');
  });
});
