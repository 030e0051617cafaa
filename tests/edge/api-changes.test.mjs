// The JSON API's changes: once for each key, for what was read, and by the rules. tests/api has the details.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from './runtime.mjs';
import { startTwilioApi } from './twilio-api.mjs';

describe(`changes by the API on ${kind}`, () => {
  let runtime;
  let twilio;
  before(async () => {
    twilio = await startTwilioApi();
    runtime = await startRuntime({ demo: true, settings: { TWILIO_API_URL: twilio.url } });
  });
  after(async () => {
    await runtime?.stop();
    await twilio?.stop();
  });

  async function call(method, route, body, headers = {}) {
    const init = { method, headers: { authorization: 'Bearer demo-api-key', ...headers } };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await runtime.fetch(`/api/v1/stores/lakeside/${route}`.replace(/\/$/, ''), init);
    const text = await response.text();
    return { status: response.status, etag: response.headers.get('etag'), body: text ? JSON.parse(text) : null };
  }
  const fields = ({ body }) => body.errors.map(({ field }) => field);

  it('creates once for each idempotency key, also when requests come at once', async () => {
    const create = (phone) => call('POST', 'customers', { phone }, { 'idempotency-key': 'edge-1' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('+13125550140')));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.equal((await create('+13125550141')).status, 422);
    const [{ n }] = await runtime.sql("SELECT count(*) AS n FROM identities WHERE address LIKE '+1312555014%'");
    assert.equal(n, 1);
  });

  it('changes only what was read', async () => {
    const { etag, body: profile } = await call('GET', '');
    assert.equal((await call('PUT', '', profile)).status, 428);
    assert.equal((await call('PUT', '', profile, { 'if-match': '"0"' })).status, 412);
    const replaced = await call('PUT', '', { ...profile, name: 'Lakeside Autos' }, { 'if-match': etag });
    assert.deepEqual([replaced.status, replaced.body.name], [200, 'Lakeside Autos']);
    assert.equal((await call('PUT', '', profile, { 'if-match': etag })).status, 412);
  });

  it('names what is wrong, and changes nothing', async () => {
    const before = await call('GET', '');
    const wrong = (change) => call('PUT', '', { ...before.body, ...change }, { 'if-match': '*' });
    assert.deepEqual(fields(await wrong({ time_zone: 'Mars/Olympus' })), ['time_zone']);
    assert.deepEqual(fields(await wrong({ hours: { week: { mon: ['08:00-30:00'] } } })), ['hours.week.mon[0]']);
    assert.deepEqual(fields(await wrong({ hours: { week: {}, exceptions: { '2026-02-30': [] } } })), ['hours.exceptions.2026-02-30']);
    const shifts = { week: { mon: ['08:00-12:00', '11:00-15:00'] } };
    assert.deepEqual(fields(await call('PUT', 'technicians/ann', { name: 'Ann', shifts })), ['shifts.week.mon']);
    const priced = { op_code: 'X', minutes: 30, names: { en: ['X'] }, price: { amount: -1 } };
    assert.equal((await call('PUT', 'services/x', priced)).status, 422);
    const { body: customer } = await call('POST', 'customers', { phone: '+13125550150' });
    assert.deepEqual(fields(await call('POST', `customers/${customer.id}/vehicles`, { vin: '1M8GDM9AXKP042789' })), ['vin']);
    assert.deepEqual(await call('GET', ''), before);
  });

  it('books, confirms by text, and tells late comers of other times', async () => {
    const { body: customer } = await call('POST', 'customers', { name: 'Dana', phone: '+13125550160' });
    const { body: openings } = await call('GET', 'openings?services=oil-change');
    const { starts_at } = openings.items.at(-1);
    const book = () => call('POST', 'appointments', { customer_id: customer.id, services: ['oil-change'], starts_at });
    const answers = await Promise.all(Array.from({ length: 8 }, book));
    const booked = answers.filter(({ status }) => status === 201);
    assert.ok(booked.length > 0 && booked.length < 8, JSON.stringify(answers.map(({ status }) => status)));
    assert.ok(answers.every(({ status }) => status === 201 || status === 409));
    await twilio.until((messages) => messages.length >= booked.length);
    const cancelled = await call('POST', `appointments/${booked[0].body.id}/cancel`);
    assert.deepEqual([cancelled.status, cancelled.body.status], [200, 'cancelled']);
  });
});
