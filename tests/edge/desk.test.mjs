// The desk is a unit of its own. What it is asked reaches it as it was sent, and its answers come back as it gave them.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from './runtime.mjs';

describe(`the desk on ${kind}`, () => {
  let runtime;
  before(async () => {
    runtime = await startRuntime({ demo: true });
  });
  after(() => runtime?.stop());

  const headers = { authorization: 'Bearer demo-api-key' };

  it('answers HEAD as GET, without a body', async () => {
    const [get, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) => runtime.fetch('/api/v1/stores', { method, headers })),
    );
    assert.deepEqual([get.status, head.status], [200, 200]);
    assert.equal(head.headers.get('content-type'), get.headers.get('content-type'));
    assert.equal(await head.text(), '');
  });

  it('says with OPTIONS what a route takes', async () => {
    const response = await runtime.fetch('/api/v1/stores/lakeside/appointments', { method: 'OPTIONS', headers });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('allow'), 'GET, POST, HEAD, OPTIONS');
  });

  it('gets path and query as they were written', async () => {
    const body = JSON.stringify({ name: 'Dana', phone: '+13125550188' });
    assert.equal((await runtime.fetch('/api/v1/stores/lakeside/customers', { method: 'POST', headers, body })).status, 201);
    const found = await runtime.fetch('/api/v1/stores/lakeside/customers?phone=%2B1312%35550188', { headers });
    assert.deepEqual((await found.json()).items.map(({ name }) => name), ['Dana']);
    const missing = await runtime.fetch('/api//v1/stores', { headers });
    assert.equal(missing.status, 404);
    assert.equal(missing.headers.get('content-type'), 'application/problem+json');
  });

  it('says how long its answers are', async () => {
    const response = await fetch(`${runtime.directUrl}/api/openapi.json`);
    assert.equal(Number(response.headers.get('content-length')), (await response.arrayBuffer()).byteLength);
  });

  it('takes ten megabytes and refuses more, stated or not', async () => {
    const send = (size, body) =>
      runtime.fetch('/api/v1/stores/lakeside/understand', { method: 'POST', headers, duplex: 'half', body: body(size) });
    const stated = (size) => new Uint8Array(size);
    const streamed = (size) => new Blob([new Uint8Array(size)]).stream();
    const limit = 10 * 1024 * 1024;
    assert.equal((await send(limit, stated)).status, 400);
    assert.equal((await send(limit + 1, stated)).status, 413);
    assert.equal((await send(limit + 1, streamed)).status, 413);
  });

  it('does nothing for a client that goes away in the middle of its request', async () => {
    const { hostname, port } = new URL(runtime.url);
    const body = JSON.stringify({ name: 'Nobody', phone: '+13125550177' });
    const socket = connect(Number(port), hostname);
    const lines = [
      'POST /api/v1/stores/lakeside/customers HTTP/1.1',
      `host: ${hostname}:${port}`,
      `authorization: ${headers.authorization}`,
      `content-length: ${body.length}`,
    ];
    await new Promise((resolve) => socket.write(`${lines.join('\r\n')}\r\n\r\n${body.slice(0, -5)}`, resolve));
    socket.destroy();
    // What is asked next is answered, and tells that nothing was written.
    const response = await runtime.fetch('/api/v1/stores/lakeside/customers', { headers });
    assert.equal(response.status, 200);
    assert.deepEqual(await runtime.sql("SELECT id FROM customers WHERE name = 'Nobody'"), []);
  });
});
