// Signing in to the desk on the real runtimes: argon2 in wasm, cookies and forms over HTTP.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from './runtime.mjs';

describe(`signing in on ${kind}`, () => {
  let runtime;
  before(async () => {
    runtime = await startRuntime({ demo: true });
  });
  after(() => runtime?.stop());

  const post = (path, fields, headers = {}) =>
    runtime.fetch(path, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
  const get = (path, cookie) => runtime.fetch(path, { headers: cookie ? { cookie } : {}, redirect: 'manual' });

  async function signIn(who, password = 'demo-password') {
    const response = await post('/desk/sign-in', { email: `${who}@demo.example`, password });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    return { response, cookie };
  }

  async function tokenOf(cookie) {
    const page = await (await get('/desk/account', cookie)).text();
    return page.match(/name="csrf" value="([^"]+)"/)[1];
  }

  it('leads to the form and back to where one wanted to go', async () => {
    const sent = await get('/desk/people?store=hubin');
    assert.deepEqual([sent.status, sent.headers.get('location')], [303, '/desk/sign-in?next=%2Fdesk%2Fpeople%3Fstore%3Dhubin']);
    const next = '/desk/people?store=hubin';
    const back = await post('/desk/sign-in', { email: 'owner@demo.example', password: 'demo-password', next });
    assert.deepEqual([back.status, back.headers.get('location')], [303, next]);
  });

  it('lets in who knows the password, and out again', async () => {
    const { response, cookie } = await signIn('owner');
    assert.equal(response.status, 303);
    assert.match(response.headers.get('set-cookie'), /; HttpOnly; SameSite=Lax/);
    const page = await get('/desk/account', cookie);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-security-policy'), /script-src 'self'/);
    assert.match(await page.text(), /Lakeside Motors/);
    assert.equal((await post('/desk/sign-out', { csrf: await tokenOf(cookie) }, { cookie })).status, 303);
    assert.equal((await get('/desk/account', cookie)).status, 303);
  });

  it('refuses what is not of the session, and what comes from elsewhere', async () => {
    const { cookie } = await signIn('owner');
    const token = await tokenOf(cookie);
    const change = (csrf, headers) => post('/desk/account', { name: 'Mallory', csrf }, { cookie, ...headers });
    assert.equal((await change('x')).status, 403);
    assert.equal((await change(token, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await change(token, { 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.deepEqual(await runtime.sql("SELECT id FROM accounts WHERE name = 'Mallory'"), []);
    assert.equal((await change(token, { origin: new URL(runtime.url).origin })).status, 303);
    assert.equal((await runtime.sql("SELECT id FROM accounts WHERE name = 'Mallory'")).length, 1);
  });

  it('locks out who guesses, however many at once', async () => {
    const tries = await Promise.all(Array.from({ length: 8 }, () => signIn('viewer', 'a guess')));
    const statuses = tries.map(({ response }) => response.status).sort();
    assert.deepEqual(statuses, [403, 403, 403, 403, 403, 429, 429, 429]);
    assert.equal((await signIn('viewer')).response.status, 429);
  });
});
