// The main job: a text message becomes a booked appointment, in three languages, without any model.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { book, caller, chicago, hubin, openDay, upToConfirmation } from './people.mjs';
import { kind, startRuntime } from './runtime.mjs';
import { startTwilioApi } from './twilio-api.mjs';
import { customer } from './twilio.mjs';

describe(`booking by text on ${kind}`, () => {
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

  const appointmentsOf = (phone, sql = runtime.sql) =>
    sql(
      'SELECT a.starts_at, a.service_id, a.status, a.store_id, u.name, v.make, v.model, v.year FROM appointments a ' +
        'JOIN identities i ON i.customer_id = a.customer_id JOIN customers u ON u.id = a.customer_id ' +
        'LEFT JOIN vehicles v ON v.id = a.vehicle_id WHERE i.address = ?1',
      phone.from,
    );

  it('books in English and sends a confirmation', async () => {
    const date = openDay();
    const phone = caller(runtime, 1);
    const reply = await book(phone, date);
    assert.match(reply, /booked.*9:00 AM.*1200 Lake Shore Drive/s);
    const [appointment, ...others] = await appointmentsOf(phone);
    assert.deepEqual(others, []);
    const { starts_at: start, ...rest } = appointment;
    assert.equal(start, chicago(date, '09:00'));
    assert.deepEqual({ ...rest }, {
      service_id: 'oil-change', status: 'booked', store_id: 'lakeside', name: 'Dana', make: 'Honda', model: 'CR-V', year: 2019,
    });
    await api.until((messages) => messages.some(({ to, body }) => to === phone.from && /appointment is booked/.test(body)));
  });

  it('books in Spanish', async () => {
    const [, month, day] = openDay(9).split('-').map(Number);
    const months = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ');
    const phone = caller(runtime, 2);
    let answer = await phone.text(`Hola, necesito un cambio de aceite el ${day} de ${months[month - 1]} a las 10 de la mañana`);
    assert.match(answer.replies[0], /¿Qué auto es\?/);
    answer = await phone.text('un Toyota Corolla 2018');
    assert.match(answer.replies[0], /¿A nombre de quién/);
    answer = await phone.text('Lucía');
    assert.match(answer.replies[0], /Toyota Corolla.*10:00 a\. m\..*¿Se la reservo\?/s);
    answer = await phone.text('sí, por favor');
    assert.match(answer.replies[0], /Listo, su cita quedó/);
    const [appointment] = await appointmentsOf(phone);
    assert.equal(appointment.starts_at, chicago(openDay(9), '10:00'));
    assert.equal(appointment.model, 'Corolla');
  });

  it('books in Chinese', async () => {
    const date = openDay(10);
    const [, month, day] = date.split('-').map(Number);
    const phone = customer(runtime, { from: '+8617000000123', to: hubin });
    let answer = await phone.text(`你好，我想${month}月${day}号上午10点做个小保养`);
    assert.match(answer.replies[0], /请问是什么车/);
    answer = await phone.text('比亚迪汉');
    assert.match(answer.replies[0], /姓名|名字/);
    answer = await phone.text('李雷');
    assert.match(answer.replies[0], /确认预约吗/);
    answer = await phone.text('好的');
    assert.match(answer.replies[0], /预约好了.*上午10:00/s);
    const [appointment] = await appointmentsOf(phone, runtime.sqlOnSecond);
    assert.equal(appointment.starts_at, Date.parse(`${date}T10:00:00+08:00`));
    assert.deepEqual(await appointmentsOf(phone), [], 'this store lives on the second shard');
    assert.equal(appointment.store_id, 'hubin');
  });

  it('asks for what is missing, offers openings, takes a choice and a correction', async () => {
    const phone = caller(runtime, 3);
    let answer = await phone.text('my car needs an oil change');
    assert.match(answer.replies[0], /1\) .*\n2\) .*\n3\) /);
    answer = await phone.text('the second one');
    assert.match(answer.replies[0], /Which car is it\?/);
    answer = await phone.text('2020 Toyota Camry');
    assert.match(answer.replies[0], /name/);
    answer = await phone.text('Dana');
    assert.match(answer.replies[0], /Toyota Camry/);
    answer = await phone.text("actually it's for my wife's CR-V");
    assert.match(answer.replies[0], /CR-V.*Shall I book it\?/s);
    await phone.text('yes please');
    const [appointment] = await appointmentsOf(phone);
    assert.equal(appointment.model, 'CR-V');
  });

  it('moves and cancels, and withdraws the reminder', async () => {
    const phone = caller(runtime, 4);
    await book(phone, openDay(11));
    let answer = await phone.text(`can we move it to ${openDay(12)} at 2 pm`);
    assert.match(answer.replies[0], /2:00 PM.*\?$/s);
    answer = await phone.text('yes');
    assert.match(answer.replies[0], /it's moved.*2:00 PM/s);
    assert.equal((await appointmentsOf(phone))[0].starts_at, chicago(openDay(12), '14:00'));
    const reminders = () => runtime.sql("SELECT status FROM outbox WHERE kind = 'reminder_24h' AND recipient = ?1 ORDER BY id", phone.from);
    assert.deepEqual((await reminders()).map((row) => row.status), ['withdrawn', 'pending']);
    await phone.text('I need to cancel my appointment');
    await phone.text('yes');
    assert.equal((await appointmentsOf(phone))[0].status, 'cancelled');
    assert.deepEqual((await reminders()).map((row) => row.status), ['withdrawn', 'withdrawn']);
    const [{ count }] = await runtime.sql(
      "SELECT count(*) AS count FROM claims c JOIN appointments a ON a.id = c.holder WHERE a.status = 'cancelled'",
    );
    assert.equal(count, 0);
  });

  it('answers hours, address, price and the status of a repair order', async () => {
    const phone = customer(runtime, { from: '+15005550100' });
    assert.match((await phone.text('what are your hours?')).replies[0], /7:30 AM to 6:00 PM/);
    assert.match((await phone.text('where are you')).replies[0], /1200 Lake Shore Drive/);
    assert.match((await phone.text('how much is a tire rotation')).replies[0], /\$29\.95/);
    assert.match((await phone.text('is my car ready')).replies[0], /2019 Honda CR-V is being worked on/);
  });

  it('hands over to a person and falls silent', async () => {
    const phone = caller(runtime, 5);
    assert.match((await phone.text('I want to talk to a person')).replies[0], /answer you right here/);
    const silent = await phone.text('hello? oil change tomorrow');
    assert.deepEqual(silent.replies, []);
    const [row] = await runtime.sql('SELECT handling, handover_reason FROM conversations WHERE peer = ?1', phone.from);
    assert.deepEqual({ ...row }, { handling: 'person', handover_reason: 'asked' });
  });

  it('stops on STOP, stays silent, and starts on START', async () => {
    const phone = caller(runtime, 6);
    await upToConfirmation(phone, openDay(13));
    assert.match((await phone.text('STOP')).replies[0], /won't get any more texts/);
    assert.deepEqual((await phone.text('yes')).replies, []);
    assert.match((await phone.text('START')).replies[0], /welcome back/);
    assert.match((await phone.text('what are your hours')).replies[0], /7:30 AM/);
    const events = await runtime.sql('SELECT event FROM consent_events WHERE address = ?1 ORDER BY at', phone.from);
    assert.deepEqual(events.map((row) => row.event), ['opted_out', 'opted_in']);
  });

  it('says nothing when Twilio has confirmed a STOP itself', async () => {
    const phone = caller(runtime, 7);
    assert.deepEqual((await phone.text('STOP', { OptOutType: 'STOP' })).replies, []);
    const [{ count }] = await runtime.sql('SELECT count(*) AS count FROM opt_outs WHERE address = ?1', phone.from);
    assert.equal(count, 1);
  });

  it('keeps pictures with the conversation', async () => {
    const phone = caller(runtime, 8);
    const media = [{ url: 'https://api.twilio.com/media/1', contentType: 'image/jpeg' }];
    assert.equal((await phone.text('', { media })).status, 200);
    const [row] = await runtime.sql(
      "SELECT m.media FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE c.peer = ?1 AND m.author = 'customer'",
      phone.from,
    );
    assert.deepEqual(JSON.parse(row.media), [{ url: 'https://api.twilio.com/media/1', content_type: 'image/jpeg' }]);
  });
});
