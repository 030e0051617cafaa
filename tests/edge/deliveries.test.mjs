// What leaves: once each, whatever the provider, the network or the power does in between.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { book, caller, openDay } from './people.mjs';
import { kind, startRuntime } from './runtime.mjs';
import { startTwilioApi } from './twilio-api.mjs';

const publicUrl = 'https://lanekeeper.test';
const LEASE_SECONDS = 1;

/** A time zone in which reminders may be sent now: one of these is between eight in the morning and nine at night. */
function whereItIsDay() {
  const hour = (timeZone) => Number(new Date().toLocaleString('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' }));
  return ['America/Chicago', 'Europe/Berlin', 'Asia/Shanghai'].find((zone) => hour(zone) >= 9 && hour(zone) < 20);
}

describe(`deliveries on ${kind}`, () => {
  let runtime;
  let api;
  before(async () => {
    api = await startTwilioApi();
    const settings = { TWILIO_API_URL: api.url, PUBLIC_URL: publicUrl, DELIVERY_LEASE_SECONDS: String(LEASE_SECONDS) };
    runtime = await startRuntime({ demo: true, settings });
  });
  after(async () => {
    await runtime?.stop();
    await api?.stop();
  });

  const confirmation = async (phone) =>
    (await runtime.sql("SELECT * FROM outbox WHERE kind = 'booked' AND recipient = ?1", phone.from))[0];
  const sentTo = (phone) => api.messages.filter(({ to }) => to === phone.from);

  /** Ticks until the delivery has this status. */
  async function settles(phone, status, seconds = 25) {
    for (let waited = 0; waited < seconds * 4; waited += 1) {
      const row = await confirmation(phone);
      if (row?.status === status) return row;
      await sleep(250);
      await runtime.tick();
    }
    const row = await confirmation(phone);
    assert.fail(`the delivery did not become ${status}: ${JSON.stringify(row)}`);
  }

  it('takes the receipts, in any order', async () => {
    const phone = caller(runtime, 300, { publicUrl });
    await book(phone, openDay(), '8:00 am');
    await settles(phone, 'sent');
    const [message] = sentTo(phone);
    const row = await confirmation(phone);
    assert.equal(message.statusCallback, `${publicUrl}/channels/twilio/lakeside-sms/status?delivery=${row.id}`);
    assert.equal((await api.report(message, 'delivered', { origin: runtime.url })).status, 204);
    assert.equal((await confirmation(phone)).status, 'delivered');
    assert.equal((await api.report(message, 'sent', { origin: runtime.url })).status, 204);
    assert.equal((await confirmation(phone)).status, 'delivered');
  });

  it('turns away a receipt that Twilio did not sign', async () => {
    const route = `/channels/twilio/lakeside-sms/status?delivery=x`;
    assert.equal((await runtime.fetch(route, { method: 'POST', body: 'MessageStatus=delivered' })).status, 403);
  });

  it('tries again when Twilio is busy, and sends once', async () => {
    const phone = caller(runtime, 301, { publicUrl });
    api.failNext({ status: 429, code: 20429, retryAfter: 1 });
    await book(phone, openDay(), '9:00 am');
    const row = await settles(phone, 'sent');
    assert.equal(row.attempts, 2);
    assert.equal(sentTo(phone).length, 1);
  });

  it('does not send twice what Twilio took on before the line broke', async () => {
    const phone = caller(runtime, 302, { publicUrl });
    api.failNext({ reset: true, accepted: true });
    await book(phone, openDay(), '10:00 am');
    const row = await settles(phone, 'sent');
    assert.equal(sentTo(phone).length, 1);
    assert.equal(row.provider_message_id, sentTo(phone)[0].sid);
  });

  it('sends what Twilio did not take on before the line broke', async () => {
    const phone = caller(runtime, 303, { publicUrl });
    api.failNext({ reset: true });
    await book(phone, openDay(), '11:00 am');
    await settles(phone, 'sent');
    assert.equal(sentTo(phone).length, 1);
  });

  it('parks what Twilio refuses, and replays it when asked', async () => {
    const phone = caller(runtime, 304, { publicUrl });
    api.failNext({ status: 400, code: 21211 });
    await book(phone, openDay(), '12:00 pm');
    const row = await settles(phone, 'parked');
    assert.match(row.last_error, /21211/);
    const headers = { authorization: 'Bearer demo-api-key' };
    const replay = () => runtime.fetch(`/api/v1/deliveries/${row.id}/replay`, { method: 'POST', headers });
    assert.equal((await replay()).status, 200);
    await settles(phone, 'sent');
    assert.equal((await replay()).status, 404);
    assert.equal(sentTo(phone).length, 1);
  });

  it('records an opt-out that only Twilio knew of', async () => {
    const phone = caller(runtime, 305, { publicUrl });
    api.failNext({ status: 400, code: 21610 });
    await book(phone, openDay(), '1:00 pm');
    await settles(phone, 'withdrawn');
    const pending = await runtime.sql("SELECT id FROM outbox WHERE recipient = ?1 AND status = 'pending'", phone.from);
    assert.deepEqual(pending, []);
    assert.deepEqual((await phone.text('hello')).replies, []);
  });

  it('reminds when it is time, once, and never of what was cancelled', async () => {
    const [kept, cancelled] = [caller(runtime, 306, { publicUrl }), caller(runtime, 307, { publicUrl })];
    for (const phone of [kept, cancelled]) {
      await book(phone, openDay(18));
      await settles(phone, 'sent');
    }
    await cancelled.text('please cancel my appointment');
    await cancelled.text('yes');
    await runtime.sql('UPDATE customers SET time_zone = ?1', whereItIsDay());
    await runtime.sql("UPDATE outbox SET due_at = ?1 WHERE kind = 'reminder_24h'", Date.now() - 1000);
    await runtime.tick();
    await runtime.tick();
    await api.until(() => sentTo(kept).some(({ body }) => /reminder/i.test(body)));
    await sleep(300);
    assert.equal(sentTo(kept).filter(({ body }) => /reminder/i.test(body)).length, 1);
    assert.equal(sentTo(cancelled).filter(({ body }) => /reminder/i.test(body)).length, 0);
  });

  it('loses nothing and sends nothing twice when it is killed again and again under load', async () => {
    const date = openDay(30);
    const times = ['8:00 am', '9:00 am', '10:00 am', '11:00 am', '12:00 pm', '1:00 pm', '2:00 pm', '3:00 pm', '4:00 pm', '5:00 pm'];
    const phones = Array.from({ length: 30 }, (_, index) => caller(runtime, 400 + index, { publicUrl }));
    const replies = new Map();
    let killing = true;

    /** Sends a text until it is answered, as Twilio would: the same message each time. */
    async function persist(phone, body, sid) {
      for (let tries = 0; tries < 400; tries += 1) {
        try {
          const answer = await phone.text(body, { sid });
          if (answer.status === 200) return answer.replies[0] ?? '';
        } catch {
          // It is down.
        }
        await sleep(50);
      }
      throw new Error(`no answer to ${body}`);
    }

    const people = phones.map(async (phone, index) => {
      const sid = (step) => `SM${String(index).padStart(16, '0')}${String(step).padStart(16, '0')}`;
      const wish = `oil change on ${date} at ${times[index % 10]} for my 2019 Honda CR-V, my name is Dana`;
      await persist(phone, wish, sid(1));
      replies.set(phone, await persist(phone, 'yes', sid(2)));
    });
    const killer = (async () => {
      for (let round = 0; round < 3 && killing; round += 1) {
        await sleep(250);
        await runtime.kill();
        await runtime.restart();
      }
    })();
    await Promise.all([...people, killer]);
    killing = false;

    const booked = phones.filter((phone) => /you're booked/.test(replies.get(phone)));
    assert.equal(booked.length, 30, [...replies.values()].find((reply) => !/you're booked/.test(reply)));
    for (const phone of booked) await settles(phone, 'sent', 40);
    for (const phone of phones) {
      const messages = await runtime.sql(
        "SELECT m.provider_message_id FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE c.peer = ?1 AND m.author = 'customer'",
        phone.from,
      );
      assert.equal(messages.length, 2);
      assert.equal(sentTo(phone).length, 1, `${sentTo(phone).length} confirmations`);
    }
    const [{ count }] = await runtime.sql(
      "SELECT count(*) AS count FROM appointments a JOIN identities i ON i.customer_id = a.customer_id WHERE i.address LIKE '+131255504%'",
    );
    assert.equal(count, 30);
  });
});
