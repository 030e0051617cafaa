// The chat widget's API on the real runtime: turns, waiting, files, and what an idle chat costs.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openDay } from './people.mjs';
import { kind, startRuntime } from './runtime.mjs';
import { startTwilioApi } from './twilio-api.mjs';

describe(`the chat widget on ${kind}`, () => {
  let runtime;
  let api;
  before(async () => {
    api = await startTwilioApi();
    runtime = await startRuntime({ demo: true, settings: { TWILIO_API_URL: api.url } });
  });
  after(async () => {
    await runtime?.stop();
    await api?.stop();
  });

  /** Somebody on a page with this widget. */
  function visitor(line = 'lakeside-chat') {
    const authorization = `Bearer ${randomBytes(32).toString('base64url')}`;
    const call = (action, init = {}) => runtime.fetch(`/widget/${line}/api/${action}`, { ...init, headers: { authorization } });
    const read = async (query = '') => (await call(`messages${query}`)).json();
    const say = async (text, tap) => {
      const id = randomBytes(12).toString('base64url');
      const response = await call('messages', { method: 'POST', body: JSON.stringify({ id, text, tap }) });
      assert.equal(response.status, 200, await response.clone().text());
      return (await response.json()).messages.at(-1);
    };
    return { authorization, call, read, say };
  }

  it('books', async () => {
    const { say, read } = visitor();
    const sumUp = await say(`I need an oil change on ${openDay()} at 9:00 am for my 2019 Honda CR-V. My name is Dana.`);
    assert.deepEqual(sumUp.choices.options.map(({ label }) => label), ['Yes', 'No']);
    const booked = await say('Yes', 0);
    assert.equal(booked.appointment.what, 'Oil change');
    const file = await runtime.fetch(booked.appointment.calendar.slice(2));
    assert.match(await file.text(), /BEGIN:VEVENT/);
    assert.equal((await read()).messages.length, 4);
  });

  it('books in Chinese on the other shard', async () => {
    const { say } = visitor('hubin-chat');
    const asked = await say('预约保养', 0);
    assert.ok(asked.choices.options.length > 1, JSON.stringify(asked));
  });

  it('gives the same answer to the same message, also when both come at once', async () => {
    const { call, read } = visitor();
    const body = JSON.stringify({ id: 'the-same-message', text: 'when are you open?' });
    const answers = await Promise.all([1, 2, 3].map(() => call('messages', { method: 'POST', body })));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
    assert.equal((await read()).messages.length, 2);
  });

  it('tells what is new while somebody waits, and lets others work meanwhile', async () => {
    const { say, read } = visitor();
    await say('can I talk to a person?');
    const { cursor, mark } = await read();
    const waiting = read(`?after=${cursor}&mark=${encodeURIComponent(mark)}&wait=25`);
    assert.equal((await runtime.fetch('/health')).status, 200);
    await say('hello?');
    const { messages } = await waiting;
    assert.deepEqual(messages.map(({ text }) => text), ['hello?']);
    const nothing = await read(`?after=${(await read()).cursor}&wait=2&mark=${encodeURIComponent(mark)}`);
    assert.deepEqual(nothing.messages, []);
  });

  it('keeps a picture for its sender alone', async () => {
    const { call, say, authorization } = visitor();
    await say('hi');
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(1_600_000)]);
    const { id } = await (await call('files?name=a.png', { method: 'POST', body: png })).json();
    const back = await call(`files/${id}`);
    assert.ok(Buffer.from(await back.arrayBuffer()).equals(png));
    assert.equal(back.headers.get('x-content-type-options'), 'nosniff');
    assert.equal((await visitor().call(`files/${id}`)).status, 404);
    assert.equal((await runtime.fetch(`/widget/hubin-chat/api/files/${id}`, { headers: { authorization } })).status, 404);
    assert.equal((await call('files', { method: 'POST', body: '<svg onload=alert(1)>' })).status, 400);
  });

  it('proves a number by a code that is texted', async () => {
    const { call, read } = visitor();
    assert.equal((await call('verify', { method: 'POST', body: JSON.stringify({ phone: '(312) 555-0188' }) })).status, 200);
    await api.until((messages) => messages.some(({ to }) => to === '+13125550188'));
    const { body } = api.messages.find(({ to }) => to === '+13125550188');
    const [, code] = /code is (\d{6})/.exec(body);
    assert.deepEqual(await (await call('verify', { method: 'POST', body: JSON.stringify({ code }) })).json(), { verified: true });
    assert.equal((await read()).verified, true);
    const rows = await runtime.sql("SELECT text FROM outbox WHERE kind = 'phone_code' AND recipient = '+13125550188'");
    assert.equal(rows[0].text, '');
  });

  it('forgets nothing when the runtime dies', async () => {
    const { say, read } = visitor();
    await say('when are you open?');
    const before = await read();
    await runtime.kill();
    await runtime.restart();
    assert.deepEqual((await read()).messages, before.messages);
  });

  it('is small, and may be loaded by any page', async () => {
    const script = await runtime.fetch('/widget.js');
    assert.equal(script.headers.get('cross-origin-resource-policy'), 'cross-origin');
    const page = await (await runtime.fetch('/widget/lakeside-chat')).text();
    const addresses = [...page.matchAll(/(?:src|href)="(frame\.[^"]+)"/g)].map(([, address]) => `/widget/${address}`);
    assert.equal(addresses.length, 2);
    const files = await Promise.all(addresses.map(async (address) => {
      const response = await runtime.fetch(address);
      assert.match(response.headers.get('cache-control'), /immutable/);
      return response.text();
    }));
    const bytes = [await script.text(), page, ...files].reduce((sum, text) => sum + gzipSync(text).length, 0);
    assert.ok(bytes <= 15_000, `${bytes} bytes, gzipped`);
  });
});
