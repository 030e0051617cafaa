// The pages behind a customer's link, in a real browser and without a script.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { linkTo } from '../edge/links.mjs';
import { book, caller, hubin, openDay, openRepairOrder } from '../edge/people.mjs';
import { kind, startRuntime } from '../edge/runtime.mjs';
import { startTwilioApi } from '../edge/twilio-api.mjs';
import { customer } from '../edge/twilio.mjs';
import { assertAccessible, launch, open, screenshot } from './browser.mjs';

const publicUrl = 'https://lanekeeper.example';

describe(`the pages behind a link on ${kind}`, () => {
  let runtime;
  let browser;
  let api;

  before(async () => {
    api = await startTwilioApi();
    runtime = await startRuntime({ demo: true, settings: { TWILIO_API_URL: api.url, PUBLIC_URL: publicUrl } });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await runtime?.stop();
    await api?.stop();
  });

  /** The link that was texted to this phone. */
  async function linkOf(phone) {
    const texted = () => api.messages.find(({ to, body }) => to === phone.from && body.includes(publicUrl));
    await api.until(() => texted() !== undefined);
    const [link] = /https:\S+$/.exec(texted().body);
    return link.replace(publicUrl, runtime.url);
  }

  async function booked(number, date, time) {
    const phone = caller(runtime, number, { publicUrl });
    await book(phone, date, time);
    return linkOf(phone);
  }

  async function assertFits(page) {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} px wider than the window`);
  }

  for (const [width, colorScheme, number, time] of [
    [390, 'light', 901, '8 am'],
    [390, 'dark', 902, '9 am'],
    [1440, 'light', 903, '10 am'],
    [1440, 'dark', 904, '11 am'],
  ]) {
    it(`moves and calls off at ${width} px, ${colorScheme}`, async () => {
      const look = async (name) => {
        await assertAccessible(page);
        await assertFits(page);
        await screenshot(page, `visit-${width}-${colorScheme}-${name}`);
      };
      const link = await booked(number, openDay(14), time);
      const { page, context, errors } = await open(browser, link, { width, colorScheme });
      await page.getByText('Dana, your appointment').waitFor();
      await look('appointment');

      await page.getByRole('link', { name: 'Reschedule' }).click();
      await page.getByRole('heading', { name: 'When suits you better?' }).waitFor();
      await page.locator('.days a').nth(2).click();
      await look('choice');
      await page.locator('.times a').first().click();
      await page.getByRole('heading', { name: 'Move it to this time?' }).waitFor();
      await look('question');
      await page.getByRole('button', { name: 'Move my appointment' }).click();
      await page.getByRole('status').filter({ hasText: 'your appointment is moved' }).waitFor();
      await look('moved');

      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.getByRole('heading', { name: 'Cancel this appointment?' }).waitFor();
      await look('cancel');
      await page.getByRole('button', { name: 'Cancel appointment' }).click();
      await page.getByRole('status').filter({ hasText: 'your appointment is canceled' }).waitFor();
      await look('called-off');
      assert.deepEqual(errors, []);
      await context.close();
    });
  }

  for (const [width, colorScheme, number] of [[390, 'light', 9101], [390, 'dark', 9102], [1440, 'light', 9103]]) {
    it(`asks about added work at ${width} px, ${colorScheme}`, async () => {
      const look = async (name) => {
        await assertAccessible(page);
        await assertFits(page);
        await screenshot(page, `order-${width}-${colorScheme}-${name}`);
      };
      const id = await openRepairOrder(runtime, number, [
        ['Oil change', 7995, 'authorized'],
        ['Front brake pads and rotors', 43395, 'requested', 'Two millimetres are left of ten, and the rotors are grooved.'],
        ['Wiper blades', 2495, 'requested'],
      ]);
      const path = linkTo(runtime.settings.SEALING_KEY, 'o', 'lakeside', id, new Date(Date.now() + 86_400_000));
      const { page, context, errors } = await open(browser, runtime.url + path, { width, colorScheme });
      await page.getByRole('heading', { name: 'Waiting for your answer' }).waitFor();
      await look('asked');
      await page.getByRole('group', { name: /Front brake pads/ }).getByLabel('Yes, do it').check();
      await page.getByRole('group', { name: /Wiper blades/ }).getByLabel('No, leave it').check();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('heading', { name: 'Is that right?' }).waitFor();
      await look('review');
      await page.getByRole('button', { name: /^Confirm: \$/ }).click();
      await page.getByRole('status').filter({ hasText: 'your answer is on record' }).waitFor();
      await look('answered');
      assert.deepEqual(errors, []);
      await context.close();
    });
  }

  it('speaks Spanish and Chinese', async () => {
    const lucia = caller(runtime, 905, { publicUrl });
    await lucia.text('Hola, necesito un cambio de aceite el próximo jueves a las 4 de la tarde para mi Toyota Corolla 2018, me llamo Lucía');
    await lucia.text('la primera');
    await lucia.text('sí');
    const wang = customer(runtime, { from: '+8617000000177', to: hubin, publicUrl });
    await wang.text('你好，我想下周二下午三点换机油，2019款本田CR-V，我姓王');
    await wang.text('好的');
    for (const [phone, language, button] of [[lucia, 'es', 'Agregar al calendario'], [wang, 'zh', '加入日历']]) {
      const { page, context, errors } = await open(browser, await linkOf(phone), { width: 390 });
      await page.getByRole('link', { name: button }).waitFor();
      await assertAccessible(page);
      await screenshot(page, `visit-390-light-${language}`);
      await page.goto(`${page.url()}/move`);
      await assertAccessible(page);
      await assertFits(page);
      await screenshot(page, `visit-390-light-${language}-choice`);
      assert.deepEqual(errors, []);
      await context.close();
    }
  });

  it('needs no script, and can be used with the keyboard alone', async () => {
    const link = await booked(906, openDay(15), '9 am');
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${link}/cancel`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Canceled', { exact: true }).waitFor();
    await context.close();
  });

  it('says in every language when a link does not work', async () => {
    const { page, context } = await open(browser, `${runtime.url}/a/nothing`, { width: 390 });
    await page.getByRole('heading', { name: 'Este enlace no funciona' }).waitFor();
    await assertAccessible(page);
    await screenshot(page, 'visit-390-light-wrong');
    await context.close();
  });
});
