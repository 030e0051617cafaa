// The link in a confirmation: what it opens, and what can be done there.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import ICAL from 'ical.js';
import { linkTo } from './links.mjs';
import { book, caller, chicago, openDay, openRepairOrder, takeBays } from './people.mjs';
import { kind, startRuntime } from './runtime.mjs';
import { startTwilioApi } from './twilio-api.mjs';

const publicUrl = 'https://lanekeeper.example/service';

describe(`links on ${kind}`, () => {
  let runtime;
  let api;
  before(async () => {
    api = await startTwilioApi();
    // Twilio and customers reach it through a proxy with a path of its own.
    runtime = await startRuntime({ demo: true, settings: { TWILIO_API_URL: api.url, PUBLIC_URL: publicUrl } });
  });
  after(async () => {
    await runtime?.stop();
    await api?.stop();
  });

  const texted = (phone, words) => api.messages.filter(({ to, body }) => to === phone.from && words.test(body));

  /** Books, and gives the path of the link in the confirmation. */
  async function linkOf(phone, date, time) {
    await book(phone, date, time);
    await api.until(() => texted(phone, /is booked/).length > 0);
    return pathIn(texted(phone, /is booked/)[0].body);
  }

  function pathIn(text) {
    const [link] = /https:\S+$/.exec(text);
    assert.ok(link.startsWith(publicUrl), text);
    return link.slice(publicUrl.length);
  }

  /** The form on a page, as a browser would send it. */
  async function formOn(path) {
    const response = await runtime.fetch(path);
    const html = await response.text();
    assert.equal(response.status, 200, html);
    const inputs = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
    return new URLSearchParams([...inputs].map(([, name, value]) => [name, value]));
  }

  const send = (path, form) => runtime.fetch(path.split('?')[0], { method: 'POST', body: form });

  /** Where a redirect from a page of a step leads. */
  const ledTo = (path, response) => new URL(response.headers.get('location'), `http://x${path.split('?')[0]}`).pathname;

  const calendar = async (path) => {
    const response = await runtime.fetch(`${path}/calendar.ics`);
    assert.match(response.headers.get('content-type'), /^text\/calendar/);
    const file = new ICAL.Component(ICAL.parse(await response.text()));
    return { method: file.getFirstPropertyValue('method'), event: new ICAL.Event(file.getFirstSubcomponent('vevent')) };
  };

  const appointment = async (path) => {
    const { event } = await calendar(path);
    const [row] = await runtime.sql('SELECT * FROM appointments WHERE id = ?1', event.uid.split('@')[0]);
    return row;
  };

  it('fits a text, and shows the appointment and nothing else of the customer', async () => {
    const phone = caller(runtime, 801, { publicUrl });
    const path = await linkOf(phone, openDay());
    assert.ok(path.length <= 60, path);
    const response = await runtime.fetch(path);
    const html = await response.text();
    assert.equal(response.status, 200);
    for (const shown of ['Dana', 'Oil change', '2019 Honda CR-V', '9:00\u00a0AM']) assert.ok(html.includes(shown), shown);
    assert.ok(!html.includes(phone.from.slice(2)));
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    assert.match(response.headers.get('x-robots-tag'), /noindex/);
    const [, style] = /rel="stylesheet" href="([^"]+)"/.exec(html);
    const css = await runtime.fetch(new URL(style, `http://x${path}`).pathname);
    assert.deepEqual([css.status, css.headers.get('content-type')], [200, 'text/css; charset=utf-8']);
  });

  it('moves it, tells of it by text, and keeps the calendar in step', async () => {
    const date = openDay(10);
    const phone = caller(runtime, 802, { publicUrl });
    const path = await linkOf(phone, date);
    const before = await calendar(path);
    assert.equal(before.method, 'PUBLISH');
    assert.equal(before.event.startDate.toJSDate().getTime(), chicago(date, '09:00'));
    assert.equal(before.event.summary, 'Oil change, Lakeside Motors');
    assert.match(before.event.location, /1200 Lake Shore Drive/);
    assert.ok(before.event.description.includes(`${publicUrl}${path}`));

    const days = await (await runtime.fetch(`${path}/move?day=${date}`)).text();
    const at = chicago(date, '14:00');
    assert.ok(days.includes(`?at=${at}"`));
    const asked = `${path}/move?at=${at}`;
    const done = await send(asked, await formOn(asked));
    assert.equal(done.status, 303);
    const moved = ledTo(asked, done);
    await api.until(() => texted(phone, /is moved/).length > 0);
    assert.equal(pathIn(texted(phone, /is moved/)[0].body), moved);

    const after = await calendar(moved);
    assert.equal(after.event.startDate.toJSDate().getTime(), at);
    assert.equal(after.event.uid, before.event.uid);
    assert.equal(after.event.sequence, before.event.sequence + 1);
  });

  it('calls it off', async () => {
    const path = await linkOf(caller(runtime, 803, { publicUrl }), openDay(11));
    const form = await formOn(`${path}/cancel`);
    assert.equal((await send(`${path}/cancel`, form)).status, 303);
    assert.equal((await appointment(path)).status, 'cancelled');
    const { method, event } = await calendar(path);
    assert.deepEqual([method, event.sequence, event.component.getFirstPropertyValue('status')], ['CANCEL', 1, 'CANCELLED']);
    assert.equal((await send(`${path}/cancel`, form)).status, 409);
  });

  it('lets only as many move to one time as there are bays', async () => {
    const date = openDay(12);
    const paths = [];
    for (const [number, time] of [[804, '8 am'], [805, '8 am'], [806, '9 am'], [807, '9 am']]) {
      paths.push(`${await linkOf(caller(runtime, number, { publicUrl }), date, time)}/move?at=${chicago(date, '15:00')}`);
    }
    await takeBays(runtime, 'lakeside', [1], chicago(date, '15:00'), 60);
    const forms = await Promise.all(paths.map(formOn));
    const answers = await Promise.all(paths.map((path, place) => send(path, forms[place])));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 303, 409, 409]);
    const sorry = await answers.find(({ status }) => status === 409).text();
    assert.match(sorry, /somebody just took that time/);
    assert.match(sorry, /\?at=\d+/);
  });

  it('takes the answers about added work, line by line, at the amounts that were shown', async () => {
    const id = await openRepairOrder(runtime, 8310, [
      ['Oil change', 7995, 'authorized'],
      ['Front brake pads', 23395, 'requested', 'Two millimetres are left of ten.'],
      ['Wiper blades', 2495, 'requested'],
    ]);
    const path = linkTo(runtime.settings.SEALING_KEY, 'o', 'lakeside', id, new Date(Date.now() + 86_400_000));
    const page = await (await runtime.fetch(path)).text();
    for (const shown of ['Front brake pads', 'Two millimetres', 'Wiper blades', 'Oil change']) assert.ok(page.includes(shown), shown);
    const review = `${path}/answer?line.${id}-2=yes&line.${id}-3=no`;
    const form = await formOn(review);
    const answers = await Promise.all([send(review, form), send(review, form)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 409], 'recorded once');
    const said = await runtime.sql(
      "SELECT operation_id, authorized, method FROM authorizations WHERE order_id = ?1 ORDER BY operation_id", id,
    );
    assert.deepEqual(said.map((row) => ({ ...row })), [
      { operation_id: `${id}-2`, authorized: 1, method: 'sms_text_link' },
      { operation_id: `${id}-3`, authorized: 0, method: 'sms_text_link' },
    ]);
  });

  it('is what its description says', async () => {
    const date = openDay(14);
    const path = await linkOf(caller(runtime, 809, { publicUrl }), date);
    const { id, starts_at: start } = await appointment(path);
    const until = (days) => new Date(start + days * 86_400_000);
    const key = runtime.settings.SEALING_KEY;
    assert.equal(linkTo(key, 'a', 'lakeside', id, until(7)), path);
    assert.equal((await runtime.fetch(linkTo(key, 'a', 'lakeside', id, new Date()))).status, 200, 'to the end of the day');
    const expired = await runtime.fetch(linkTo(key, 'a', 'lakeside', id, new Date(Date.now() - 86_400_000)));
    assert.equal(expired.status, 410);
    assert.match(await expired.text(), /\(500\) 555-0006/);
    assert.equal((await runtime.fetch(linkTo(key, 'o', 'lakeside', id, until(7)))).status, 404, 'an appointment is no order');
  });

  it('opens nothing else', async () => {
    const path = await linkOf(caller(runtime, 808, { publicUrl }), openDay(13));
    const form = await formOn(`${path}/cancel`);
    for (const wrong of ['/a/x', path.replace('.lakeside', '.hubin'), path.slice(0, -10), `${path}/else`, path.toLowerCase()]) {
      const response = await runtime.fetch(wrong);
      assert.equal(response.status, 404, wrong);
    }
    form.set('proof', 'AAAAAAAAAAAAAAAAAAAAAA');
    assert.equal((await send(`${path}/cancel`, form)).status, 403);
    assert.equal((await appointment(path)).status, 'booked');
  });
});
