// The JSON API: keys, tenancy, pages, and an understanding without consequences.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { book, caller, openDay } from './people.mjs';
import { kind, startRuntime } from './runtime.mjs';
import { startTwilioApi } from './twilio-api.mjs';

describe(`the API on ${kind}`, () => {
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

  const headers = { authorization: 'Bearer demo-api-key' };
  async function get(route, init = {}) {
    const response = await runtime.fetch(`/api/v1/${route}`, { headers, ...init });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
  }
  const understand = (question, store = 'lakeside') =>
    get(`stores/${store}/understand`, { method: 'POST', body: JSON.stringify(question) });

  it('wants a key, and shows another group nothing', async () => {
    assert.equal((await get('stores/lakeside/appointments', { headers: {} })).status, 401);
    assert.equal((await get('stores/lakeside/appointments', { headers: { authorization: 'Bearer guess' } })).status, 401);
    await runtime.sql("INSERT INTO stores (id, group_id, profile) SELECT 'other', 'other', profile FROM stores WHERE id = 'lakeside'");
    await runtime.sql("INSERT INTO placements (store_id, group_id, shard) VALUES ('other', 'other', 1)");
    const answer = await get('stores/other/appointments');
    assert.equal(answer.status, 404);
    assert.equal(answer.type, 'application/problem+json');
    assert.equal((await understand({ text: 'hi' }, 'other')).status, 404);
  });

  it('understands without changing anything', async () => {
    const count = async () => (await runtime.sql('SELECT count(*) AS n FROM messages'))[0].n;
    const before = await count();
    const { status, body } = await understand({
      text: 'can I get an oil change next Tues after 3 for my 2019 crv',
      now: '2026-11-20T10:00:00-06:00',
    });
    assert.equal(status, 200);
    assert.equal(body.source, 'built-in');
    assert.equal(body.language, 'en');
    assert.equal(body.intents[0].name, 'book');
    assert.equal(body.details.date, '2026-11-24');
    assert.equal(body.details.time_after, '15:00');
    assert.equal(body.details.service, 'oil-change');
    assert.equal(body.details.vehicle.model, 'CR-V');
    assert.equal(await count(), before);
    const chinese = await understand({ text: '下周二下午三点换机油', now: '2026-11-20T10:00:00+08:00' }, 'hubin');
    assert.deepEqual([chinese.body.details.date, chinese.body.details.time], ['2026-11-24', '15:00']);
    const spanish = await understand({ text: 'pasado mañana por la tarde', now: '2026-11-20T10:00:00-06:00' });
    assert.deepEqual([spanish.body.details.date, spanish.body.details.part_of_day], ['2026-11-22', 'afternoon']);
  });

  it('says what is wrong with a question', async () => {
    for (const [question, named] of [
      [{}, 'text'],
      [{ text: 'hi', now: 'yesterday' }, 'now'],
      [{ text: 'x'.repeat(2000) }, 'text'],
      [{ text: 'hi', surprise: 1 }, 'surprise'],
    ]) {
      const { status, body } = await understand(question);
      assert.equal(status, 422);
      assert.equal(body.errors[0].field, named);
    }
    assert.equal((await get('stores/lakeside/understand', { method: 'POST', body: 'not json' })).status, 400);
    assert.equal((await get('stores/lakeside/appointments?limit=0')).status, 400);
    assert.equal((await get('stores/lakeside/appointments?cursor=zebra')).status, 400);
    assert.equal((await get('stores/lakeside/appointments', { method: 'PUT' })).status, 405);
    assert.equal((await get('nothing')).status, 404);
  });

  it('lists page by page, and tells a whole conversation', async () => {
    const phones = [500, 501, 502].map((number) => caller(runtime, number));
    for (const phone of phones) await book(phone, openDay());
    await api.until((messages) => messages.length === 3);
    for (const list of ['appointments', 'conversations', 'deliveries']) {
      const all = (await get(`stores/lakeside/${list}`)).body;
      assert.equal(all.next_cursor, null);
      const ids = [];
      let cursor = '';
      do {
        const { body } = await get(`stores/lakeside/${list}?limit=2${cursor && `&cursor=${cursor}`}`);
        ids.push(...body.items.map((item) => item.id));
        cursor = body.next_cursor;
      } while (cursor);
      assert.deepEqual(ids, all.items.map((item) => item.id), list);
    }
    const { items } = (await get('stores/lakeside/conversations')).body;
    const conversation = (await get(`conversations/${items[0].id}`)).body;
    assert.equal(conversation.customer_name, 'Dana');
    assert.deepEqual(conversation.messages.slice(0, 4).map(({ author }) => author), ['customer', 'ai', 'customer', 'ai']);
    assert.equal(conversation.turns[0].understanding.source, 'built-in');
    assert.equal(typeof conversation.turns[0].elapsed_ms, 'number');
    assert.equal((await get('conversations/nobody')).status, 404);
  });

  it('gives a conversation back to the AI', async () => {
    const phone = caller(runtime, 510);
    await phone.text('let me talk to a person please');
    assert.deepEqual((await phone.text('hello?')).replies, []);
    const [{ id }] = await runtime.sql('SELECT id FROM conversations WHERE peer = ?1', phone.from);
    const { status, body } = await get(`conversations/${id}/hand-back`, { method: 'POST' });
    assert.deepEqual([status, body.handling], [200, 'ai']);
    assert.match((await phone.text('what are your hours')).replies[0], /7:30 AM/);
  });
});
