// The desk's day, its board and its forms, as an advisor uses them: with the pointer, with the keyboard, on a phone.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { book, caller, openDay } from '../edge/people.mjs';
import { kind, startRuntime } from '../edge/runtime.mjs';
import { assertAccessible, launch, open, screenshot } from './browser.mjs';

describe(`the day at the desk on ${kind}`, () => {
  let runtime;
  let browser;
  const day = openDay(12);
  const other = openDay(20);

  before(async () => {
    runtime = await startRuntime({ demo: true });
    browser = await launch();
    for (const [number, date, time] of [[940, day, '9 am'], [941, day, '10 am'], [942, day, '1 pm'], [943, other, '9 am']]) {
      await book(caller(runtime, number), date, time);
    }
  });

  after(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  /** Somebody at the desk, on this page of Lakeside's. */
  async function at(path, { who = 'advisor', ...options } = {}) {
    const { page, context, errors } = await open(browser, `${runtime.url}/desk/sign-in`, options);
    await page.getByLabel('Email').fill(`${who}@demo.example`);
    await page.getByLabel('Password').fill('demo-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
    await page.goto(`${runtime.url}/desk/stores/lakeside/${path}`);
    return { page, context, errors };
  }

  const dayPath = () => `day?date=${day}`;
  const startOf = async (id) => (await runtime.sql('SELECT starts_at FROM appointments WHERE id = ?1', id))[0].starts_at;
  const idOf = (href) => href.split('/').at(-1).split('?')[0];
  const card = (page, place) => page.locator('.slot[data-move]').nth(place);

  async function assertFits(page) {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} px wider than the window`);
  }

  it('moves an appointment by drag, after a question that says what the customer will be told', async () => {
    const { page, context, errors } = await at(dayPath());
    const first = card(page, 0);
    const id = idOf(await first.getAttribute('href'));
    const before = await startOf(id);
    const lane = page.locator('.lane[data-place]').last();
    const [from, to] = [await first.boundingBox(), await lane.boundingBox()];
    await page.mouse.move(from.x + 20, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 30, from.y + 40, { steps: 3 });
    // Two hours later, with whom the last column is.
    await page.mouse.move(to.x + 30, from.y + 8 + 8 * 16, { steps: 6 });
    await page.locator('.drop').waitFor();
    await screenshot(page, 'day-1440-light-drag');
    await page.mouse.up();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: 'Move it here?' }).waitFor();
    await dialog.getByText('your appointment is moved').waitFor();
    await assertAccessible(page);
    await screenshot(page, 'day-1440-light-question');
    await dialog.getByRole('button', { name: 'Move it' }).click();
    await page.getByText('Moved.', { exact: true }).waitFor();
    assert.equal(await startOf(id), before + 2 * 3600_000);
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('moves an appointment with the keyboard alone, and puts it back with Escape', async () => {
    const { page, context, errors } = await at(dayPath());
    const one = card(page, 0);
    const id = idOf(await one.getAttribute('href'));
    const before = await startOf(id);
    await one.focus();
    await page.keyboard.press('m');
    await page.keyboard.press('ArrowDown');
    await page.locator('.drop').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.drop').waitFor({ state: 'detached' });
    assert.equal(await startOf(id), before);
    await page.keyboard.press('m');
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Move it' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('dialog').getByRole('button', { name: 'Move it' }).press('Enter');
    await page.getByText('Moved.', { exact: true }).waitFor();
    assert.equal(await startOf(id), before + 2 * 3600_000);
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('says why a time does not fit, and offers others', async () => {
    const { page, context } = await at(dayPath());
    const href = await card(page, 0).getAttribute('href');
    const night = new Date(`${day}T12:00:00Z`).getTime();
    await page.goto(`${runtime.url}${href}/move?at=${night}`);
    await page.getByText('The store is closed at that hour.').waitFor();
    await page.getByRole('heading', { name: 'These come nearest' }).waitFor();
    await assertAccessible(page);
    await screenshot(page, 'move-1440-light-refused');
    await page.locator('.times-choice a').first().click();
    await page.getByRole('button', { name: 'Move it' }).waitFor();
    await context.close();
  });

  it('needs no script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${runtime.url}/desk/sign-in`);
    await page.getByLabel('Email').fill('advisor@demo.example');
    await page.getByLabel('Password').fill('demo-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.goto(`${runtime.url}/desk/stores/lakeside/day?date=${other}`);
    await page.locator('.slot').first().click();
    await page.getByRole('link', { name: 'Move', exact: true }).click();
    await page.locator('.times-choice a').first().click();
    await page.getByRole('button', { name: 'Move it' }).click();
    await page.getByText('Moved.', { exact: true }).waitFor();
    await context.close();
  });

  it('tells the second of two advisors who move the same appointment', async () => {
    const [maya, grace] = [await at(dayPath()), await at(dayPath(), { who: 'owner' })];
    const href = await card(maya.page, 1).getAttribute('href');
    for (const { page } of [maya, grace]) {
      await page.goto(`${runtime.url}${href}/move?day=${day}`);
      await page.locator('.times-choice a').last().click();
      await page.getByRole('button', { name: 'Move it' }).waitFor();
    }
    await maya.page.getByRole('button', { name: 'Move it' }).click();
    await maya.page.getByText('Moved.', { exact: true }).waitFor();
    await grace.page.getByRole('button', { name: 'Move it' }).click();
    await grace.page.getByText('Somebody changed this appointment meanwhile.').waitFor();
    await maya.context.close();
    await grace.context.close();
  });

  it('books for somebody new on a phone', async () => {
    const { page, context, errors } = await at('book', { width: 390 });
    await page.getByRole('textbox', { name: 'Phone', exact: true }).fill('(312) 555-0148');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Noor Haddad');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('checkbox', { name: 'Oil change' }).check();
    await page.getByLabel('Make').fill('Kia');
    await page.getByLabel('Model').fill('Niro');
    await assertAccessible(page);
    await assertFits(page);
    await screenshot(page, 'book-390-light');
    await page.getByRole('button', { name: 'Show times' }).click();
    await page.locator('.times-choice a').first().click();
    await page.getByText('+13125550148').waitFor();
    await screenshot(page, 'book-390-light-question');
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText('Booked.', { exact: true }).waitFor();
    assert.equal(await page.locator('.agenda').getByText('Noor Haddad').count(), 1);
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('moves an order over the board, by drag and with the keyboard', async () => {
    const { page, context, errors } = await at('orders');
    const order = page.locator('.order-card', { hasText: '10482' });
    const column = (stage) => page.locator(`[data-stage="${stage}"]`);
    const [from, to] = [await order.boundingBox(), await column('parts_ordered').boundingBox()];
    await page.mouse.move(from.x + 30, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 30, { steps: 3 });
    await page.mouse.move(to.x + 40, to.y + 60, { steps: 6 });
    await page.mouse.up();
    await page.getByText('Saved.', { exact: true }).waitFor();
    await column('parts_ordered').locator('.order-link', { hasText: '10482' }).waitFor();
    await column('parts_ordered').locator('.order-link', { hasText: '10482' }).focus();
    await page.keyboard.press('m');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await column('work_in_progress').locator('.order-link', { hasText: '10482' }).waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('puts added work to the customer and records the answer', async () => {
    const { page, context, errors } = await at('orders');
    await page.locator('.order-link', { hasText: '10479' }).click();
    const labor = page.locator('#field-labor');
    if (!(await labor.isVisible())) await page.getByText('Add work').first().click();
    await page.locator('#field-line_name').fill('Front rotors');
    await labor.fill('180');
    await page.getByRole('button', { name: 'Add work' }).click();
    await page.getByRole('button', { name: 'Ask the customer' }).click();
    await page.getByText('The customer has been asked.').waitFor();
    await screenshot(page, 'order-1440-light-asked');
    await page.goto(`${runtime.url}/desk/stores/lakeside/waiting`);
    await page.getByText('Front rotors').waitFor();
    await assertAccessible(page);
    await screenshot(page, 'waiting-1440-light');
    await page.locator('section', { hasText: 'Front rotors' }).getByRole('link', { name: 'Record the answer' }).click();
    await page.getByRole('group', { name: /Front rotors/ }).getByLabel('Yes').check();
    await page.getByRole('button', { name: 'Record the answer' }).click();
    await page.getByText('The answer was recorded.').waitFor();
    await page.getByText('yes to Front rotors $180').waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  for (const [width, colorScheme] of [[390, 'light'], [390, 'dark'], [1440, 'light'], [1440, 'dark']]) {
    it(`looks as it should at ${width} px, ${colorScheme}`, async () => {
      const { page, context, errors } = await at(dayPath(), { width, colorScheme });
      const pages = [['day', dayPath()], ['bays', `${dayPath()}&by=bay`], ['week', `week?date=${day}`], ['board', 'orders'], ['book', 'book?q=%2B1500']];
      for (const [name, path] of pages) {
        await page.goto(`${runtime.url}/desk/stores/lakeside/${path}`);
        await assertAccessible(page);
        await assertFits(page);
        await screenshot(page, `desk-${name}-${width}-${colorScheme}`);
      }
      await page.locator('ul.list a, .order-link').first().click();
      await assertAccessible(page);
      assert.deepEqual(errors, []);
      await context.close();
    });
  }

  for (const [language, booking] of [['es', 'Nueva cita'], ['zh', '新建预约']]) {
    it(`speaks ${language}`, async () => {
      const { page, context } = await at(dayPath());
      await page.goto(`${runtime.url}/desk/account`);
      await page.getByLabel('Language').selectOption(language);
      await page.locator('main button[type="submit"]').first().click();
      await page.goto(`${runtime.url}/desk/stores/lakeside/${dayPath()}`);
      await page.getByRole('link', { name: booking }).waitFor();
      await assertAccessible(page);
      await screenshot(page, `desk-day-1440-light-${language}`);
      await page.goto(`${runtime.url}/desk/stores/lakeside/orders`);
      await screenshot(page, `desk-board-1440-light-${language}`);
      await page.goto(`${runtime.url}/desk/account`);
      await page.locator('select[name="language"]').selectOption('en');
      await page.locator('main button[type="submit"]').first().click();
      await context.close();
    });
  }
});
