// What customers of the demo stores do in tests.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { customer, lakeside } from './twilio.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const profile = JSON.parse(readFileSync(path.join(root, 'demo/stores/lakeside.json'), 'utf8'));

export const hubin = { line: 'hubin-sms', number: '+8657155500106', authToken: lakeside.authToken };

/** A day, at least `ahead` days from now, on which both stores are open from Monday to Friday: `2026-12-01`. */
export function openDay(ahead = 8) {
  const day = new Date(Date.now() + ahead * 86_400_000);
  for (;;) {
    const date = day.toISOString().slice(0, 10);
    if (day.getUTCDay() % 6 !== 0 && !profile.hours.exceptions[date] && date.slice(5) !== '01-01') return date;
    day.setUTCDate(day.getUTCDate() + 1);
  }
}

/** Brings a customer as far as the question whether to book. The summary that was sent. */
export async function upToConfirmation(phone, date, time = '9:00 am') {
  const first = await phone.text(`Hi, I need an oil change on ${date} at ${time} for my 2019 Honda CR-V. My name is Dana.`);
  assert.equal(first.status, 200);
  assert.match(first.replies[0] ?? '', /Shall I book it\?/, first.twiml);
  return first.replies[0];
}

/** Books an appointment. The reply to the yes. */
export async function book(phone, date, time) {
  await upToConfirmation(phone, date, time);
  const { replies } = await phone.text('yes');
  return replies[0];
}

/** A customer of Lakeside Motors with a number of their own. */
export function caller(runtime, number, options = {}) {
  return customer(runtime, { from: `+1312555${String(number).padStart(4, '0')}`, ...options });
}

/** Takes bays of a store for some minutes from an instant (milliseconds since 1970), as if appointments were there. */
export async function takeBays(runtime, store, bays, from, minutes) {
  const start = from;
  for (const bay of bays) {
    const id = `taken-${start}-${bay}`;
    await runtime.sql('INSERT INTO customers (id, store_id, created_at, updated_at) VALUES (?1, ?2, 0, 0)', id, store);
    await runtime.sql(
      'INSERT INTO appointments (id, store_id, customer_id, service_id, starts_at, ends_at, bay, stations, created_at, ' +
        "updated_at) VALUES (?1, ?2, ?1, 'oil-change', ?3, ?4, ?5, ?6, 0, 0)",
      id, store, start, start + minutes * 60_000, bay, JSON.stringify([{ bay, minutes }]),
    );
    for (let quarter = start / 900_000; quarter < (start + minutes * 60_000) / 900_000; quarter += 1) {
      await runtime.sql(
        "INSERT INTO claims (store_id, resource, unit, seat, holder) VALUES (?1, 'bay:' || ?2, ?3, 1, ?4)",
        store, bay, quarter, id,
      );
    }
  }
}

/** The instant of a local time at Lakeside Motors (America/Chicago), in milliseconds since 1970. */
export function chicago(date, time) {
  for (const offset of ['-05:00', '-06:00']) {
    const instant = Date.parse(`${date}T${time}:00${offset}`);
    const shown = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/Chicago', dateStyle: 'short', timeStyle: 'short',
    }).format(instant);
    if (shown === `${date} ${time}`) return instant;
  }
  throw new Error(`${date} ${time} does not exist in Chicago`);
}

/**
 * Opens a repair order at Lakeside Motors for somebody with a phone number of their own. `lines` are
 * `[name, amount in cents, authorization, cause]`.
 */
export async function openRepairOrder(runtime, number, lines) {
  const id = `order-${number}`;
  const store = 'lakeside';
  await runtime.sql('INSERT INTO customers (id, store_id, name, created_at, updated_at) VALUES (?1, ?2, ?3, 0, 0)', id, store, 'Dana');
  await runtime.sql(
    "INSERT INTO identities (store_id, kind, address, customer_id) VALUES (?1, 'phone', ?2, ?3)", store, `+1312555${number}`, id,
  );
  await runtime.sql(
    "INSERT INTO vehicles (id, store_id, customer_id, year, make, model, updated_at) VALUES (?1, ?2, ?1, 2019, 'Honda', 'CR-V', 0)",
    id, store,
  );
  await runtime.sql(
    'INSERT INTO repair_orders (id, store_id, customer_id, vehicle_id, number, stage, promised_at, updated_at) ' +
      "VALUES (?1, ?2, ?1, ?1, ?3, 'awaiting_customer_authorization', ?4, 0)",
    id, store, String(number), Math.ceil(Date.now() / 3_600_000 + 5) * 3_600_000,
  );
  for (const [position, [name, amount, authorization, cause = null]] of lines.entries()) {
    const asked = authorization === 'requested' ? amount : null;
    const agreed = authorization === 'authorized' ? amount : null;
    await runtime.sql(
      'INSERT INTO operations (id, store_id, order_id, position, name, cause, pay_type, labor, parts, authorization, ' +
        "requested_amount, authorized_amount, progress) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'customer_pay', ?7, '[]', ?8, ?9, ?10, 'pending')",
      `${id}-${position + 1}`, store, id, position, name, cause, amount, authorization, asked, agreed,
    );
  }
  return id;
}
