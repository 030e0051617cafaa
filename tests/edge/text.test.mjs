// A text message on its way through: signature, turn, answer, confirmation.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from './runtime.mjs';
import { startTwilioApi } from './twilio-api.mjs';
import { customer, incoming, lakeside, newSid } from './twilio.mjs';

describe(`a text on ${kind}`, () => {
  let api;
  let runtime;
  before(async () => {
    api = await startTwilioApi();
    runtime = await startRuntime({ demo: true, settings: { TWILIO_API_URL: api.url } });
  });
  after(async () => {
    await runtime?.stop();
    await api?.stop();
  });

  const messages = async () => (await runtime.sql('SELECT count(*) AS count FROM messages'))[0].count;

  it('becomes an appointment, and one confirmation leaves', async () => {
    const phone = customer(runtime, { from: '+13125550142' });
    for (const text of ['oil change on Tuesday morning please', 'the first one', '2019 Honda CR-V', 'Ann Lee', 'yes']) {
      const { status, replies } = await phone.text(text);
      assert.equal(status, 200, text);
      assert.equal(replies.length, 1, text);
    }
    const booked = await runtime.sql("SELECT service_id FROM appointments WHERE store_id = 'lakeside'");
    assert.equal(booked.length, 1);
    await api.until((sent) => sent.length === 1);
    assert.equal(api.messages[0].to, '+13125550142');
    await runtime.tick();
    assert.equal(api.messages.length, 1, 'the clock sends nothing twice');
  });

  it('has one effect and one answer however often it comes', async () => {
    const phone = customer(runtime, { from: '+13125550143' });
    const form = incoming({ from: phone.from, to: lakeside.number, body: 'What are your hours?', sid: newSid() });
    const first = await phone.post(form);
    const before = await messages();
    const again = await Promise.all([1, 2, 3, 4].map(() => phone.post(form)));
    assert.ok(first.replies[0].length > 0);
    assert.deepEqual(new Set(again.map(({ twiml }) => twiml)), new Set([first.twiml]));
    assert.equal(await messages(), before);
  });

  it('leaves nothing when its signature is wrong, missing or of another URL', async () => {
    const before = await messages();
    const phone = customer(runtime, { from: '+13125550144' });
    const elsewhere = customer(runtime, { from: '+13125550144', publicUrl: 'https://elsewhere.example' });
    const form = incoming({ from: phone.from, to: lakeside.number, body: 'hello' });
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal((await phone.post(form, type)).status, 403);
    assert.equal((await phone.post(form, { ...type, 'x-twilio-signature': 'AAAA' })).status, 403);
    assert.equal((await elsewhere.post(form)).status, 403);
    assert.equal(await messages(), before);
  });
});
