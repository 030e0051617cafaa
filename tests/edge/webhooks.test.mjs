// Webhooks that are not what they should be, or come more than once, or all at once.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { caller, chicago, openDay, takeBays, upToConfirmation } from './people.mjs';
import { kind, startRuntime } from './runtime.mjs';
import { incoming, lakeside, newSid, signedHeaders } from './twilio.mjs';
import { startTwilioApi } from './twilio-api.mjs';

describe(`webhooks on ${kind}`, () => {
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

  const traces = async () => (await runtime.sql('SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM customers) AS n'))[0].n;

  it('turns away what Twilio did not sign for this address, and leaves nothing', async () => {
    const phone = caller(runtime, 100);
    const form = incoming({ from: phone.from, to: lakeside.number, body: 'oil change' });
    const url = runtime.url + phone.path;
    const before = await traces();
    const wrong = [
      {},
      { 'x-twilio-signature': 'AAAA' },
      signedHeaders('another-token', url, form),
      signedHeaders(lakeside.authToken, `${runtime.url}/channels/twilio/hubin-sms`, form),
      signedHeaders(lakeside.authToken, url, { ...form, Body: 'another text' }),
    ];
    for (const headers of wrong) {
      const { status } = await phone.post(form, { 'content-type': 'application/x-www-form-urlencoded', ...headers });
      assert.equal(status, 403);
    }
    assert.equal(await traces(), before);
    assert.equal((await phone.post(form)).status, 200);
  });

  it('answers junk with what is wrong with it', async () => {
    const before = await traces();
    const post = (route, body, headers = {}) => runtime.fetch(route, { method: 'POST', body, headers });
    assert.equal((await post('/channels/twilio/no-such-line', 'x=1')).status, 404);
    assert.equal((await post('/channels/carrier-pigeon/lakeside-sms', 'x=1')).status, 404);
    assert.equal((await runtime.fetch('/channels/twilio/lakeside-sms')).status, 405);
    assert.equal((await post('/channels/twilio/lakeside-sms', '\u0000\u0001junk')).status, 403);
    const phone = caller(runtime, 101);
    for (const [field, form] of [
      ['From', { MessageSid: newSid(), To: lakeside.number, Body: 'x' }],
      ['MessageSid', { From: phone.from, To: lakeside.number, Body: 'x' }],
      ['NumMedia', { ...incoming({ from: phone.from, to: lakeside.number, body: 'x' }), NumMedia: '99' }],
    ]) {
      const { status, twiml } = await phone.post(form);
      assert.equal(status, 400);
      assert.match(twiml, new RegExp(field));
    }
    assert.equal(await traces(), before);
  });

  it('gives one effect and equal replies to the same webhook five times', async () => {
    const phone = caller(runtime, 102);
    await upToConfirmation(phone, openDay());
    const sid = newSid();
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await phone.text('yes', { sid }));
    answers.push(...(await Promise.all([phone.text('yes', { sid }), phone.text('yes', { sid })])));
    assert.match(answers[0].replies[0], /booked/);
    assert.equal(new Set(answers.map(({ twiml }) => twiml)).size, 1);
    const [{ count }] = await runtime.sql(
      'SELECT count(*) AS count FROM appointments a JOIN identities i ON i.customer_id = a.customer_id WHERE i.address = ?1',
      phone.from,
    );
    assert.equal(count, 1);
    const sid2 = newSid();
    const racing = await Promise.all(Array.from({ length: 5 }, () => phone.text('what are your hours', { sid: sid2 })));
    assert.equal(new Set(racing.map(({ status, twiml }) => status + twiml)).size, 1);
  });

  it('answers two texts of the same second, both, each once', async () => {
    const phone = caller(runtime, 103);
    const [first, second] = await Promise.all([phone.text('what are your hours'), phone.text('and where are you')]);
    assert.match(first.replies[0], /7:30 AM/);
    assert.match(second.replies[0], /1200 Lake Shore Drive/);
    const turns = await runtime.sql(
      'SELECT t.number FROM turns t JOIN conversations c ON c.id = t.conversation_id WHERE c.peer = ?1 ORDER BY 1',
      phone.from,
    );
    assert.deepEqual(turns.map((row) => row.number), [1, 2]);
  });

  it('gives the last opening to one of fifty, and offers the others another', async () => {
    const date = openDay(14);
    await takeBays(runtime, 'lakeside', [1, 2], chicago(date, '07:30'), 10 * 60);
    const phones = Array.from({ length: 50 }, (_, index) => caller(runtime, 200 + index));
    for (const phone of phones) await upToConfirmation(phone, date);
    const answers = await Promise.all(phones.map((phone) => phone.text('yes')));
    assert.ok(answers.every(({ status }) => status === 200), JSON.stringify(answers.map(({ status }) => status)));
    const booked = answers.filter(({ replies }) => /you're booked/.test(replies[0]));
    const offered = answers.filter(({ replies }) => /somebody just took that time/.test(replies[0]));
    assert.deepEqual([booked.length, offered.length], [1, 49]);
    const [{ count }] = await runtime.sql(
      "SELECT count(*) AS count FROM appointments WHERE store_id = 'lakeside' AND bay = 3 AND starts_at = ?1",
      chicago(date, '09:00'),
    );
    assert.equal(count, 1);
  });
});
