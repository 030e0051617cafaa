// The desk's inbox as people use it: a customer's phone and two advisors' browsers at once.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from '../edge/runtime.mjs';
import { caller } from '../edge/people.mjs';
import { assertAccessible, launch, open, screenshot } from './browser.mjs';

describe(`the inbox on ${kind}`, () => {
  let runtime;
  let browser;
  let carrier;

  before(async () => {
    // A Twilio that takes every message.
    carrier = createServer((request, response) => {
      request.resume();
      const sid = `SM${Math.random().toString(16).slice(2).padEnd(32, '0').slice(0, 32)}`;
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ sid, status: 'queued' }));
    });
    await new Promise((resolve) => carrier.listen(0, '127.0.0.1', resolve));
    const settings = { TWILIO_API_URL: `http://127.0.0.1:${carrier.address().port}` };
    runtime = await startRuntime({ demo: true, settings });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await runtime?.stop();
    carrier?.closeAllConnections();
    carrier?.close();
  });

  async function signIn(who, look) {
    const opened = await open(browser, `${runtime.url}/desk/sign-in`, look);
    await opened.page.getByLabel('Email').fill(`${who}@demo.example`);
    await opened.page.getByLabel('Password').fill('demo-password');
    await opened.page.getByRole('button', { name: 'Sign in' }).click();
    await opened.page.waitForURL(/\/desk(?!\/sign-in)/);
    return opened;
  }

  const row = (page, name) => page.locator('.c-row', { hasText: name });
  const standing = (page) => page.locator('#talk-head');

  it('an angry customer is handed over with context, answered, and handed back', async () => {
    const phone = caller(runtime, 161);
    await phone.text('I need an oil change next Tuesday at 3pm');
    await phone.text("It's a 2019 Honda CR-V");
    await phone.text('Ximena');
    await phone.text('Yes, please');
    const { page, errors } = await signIn('advisor');
    await page.goto(`${runtime.url}/desk/inbox`);
    await phone.text('THIS IS RIDICULOUS!!! I want to complain, you people are useless');
    // It comes by itself.
    await row(page, 'Ximena').click();
    await page.getByText('Why a person').waitFor();
    await page.locator('#entries').getByText('you people are useless').waitFor();
    assert.match(await page.locator('#talk-side').innerText(), /Appointments[\s\S]*Oil change/);

    await page.keyboard.press('r');
    await page.keyboard.type('Hello Ximena, I am sorry. I will look at it now.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.by-person', { hasText: 'I will look at it now' }).waitFor();
    await standing(page).getByText('You have it').waitFor();
    assert.equal(await page.locator('#text').inputValue(), '');

    await phone.text('thank you');
    await page.locator('.by-customer', { hasText: 'thank you' }).waitFor();
    await standing(page).getByRole('button', { name: 'Hand back' }).click();
    await standing(page).getByText('The AI is answering').waitFor();
    assert.deepEqual(errors, []);
  });

  it('of two who take it at the same moment one gets it, and the other is told', async () => {
    const phone = caller(runtime, 162);
    await phone.text('My name is Yolanda. Can I talk to a person?');
    const [maya, grace] = [await signIn('advisor'), await signIn('owner')];
    for (const { page } of [maya, grace]) {
      await page.goto(`${runtime.url}/desk/inbox?q=%2B13125550162`);
      await page.locator('.c-row').first().click();
      await standing(page).getByRole('button', { name: 'Take over' }).waitFor();
    }
    await Promise.all([maya, grace].map(({ page }) => page.keyboard.press('t')));
    const outcome = async ({ page }) => {
      await standing(page).getByText(/You have it|has it/).first().waitFor();
      return (await standing(page).innerText()).includes('You have it');
    };
    const got = [await outcome(maya), await outcome(grace)];
    assert.equal(got.filter(Boolean).length, 1, 'one of them has it');
    const late = got[0] ? grace : maya;
    await standing(late.page).getByRole('button', { name: 'Take it over anyway' }).waitFor();
  });

  it('notes, snoozing, closing and search go by keyboard', async () => {
    const phone = caller(runtime, 163);
    await phone.text('Is the zebrawood dashboard covered? I want a person');
    const { page } = await signIn('advisor');
    await page.goto(`${runtime.url}/desk/inbox`);
    await page.keyboard.press('/');
    await page.keyboard.type('zebrawood');
    await page.keyboard.press('Enter');
    await page.locator('mark', { hasText: 'zebrawood' }).waitFor();
    await page.waitForLoadState();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('#entries').getByText('zebrawood').waitFor();

    await page.keyboard.press('n');
    await page.keyboard.type('<b>Ask parts</b>');
    await page.keyboard.press('Control+Enter');
    await page.locator('.note', { hasText: '<b>Ask parts</b>' }).waitFor();

    await page.locator('#talk-head h2').focus();
    await page.keyboard.press('s');
    await page.keyboard.press('Enter');
    await standing(page).getByText('Snoozed until').waitFor();
    await page.locator('#talk-head h2').focus();
    await page.keyboard.press('e');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await standing(page).getByText('Closed: Question answered').waitFor();
    await page.locator('#talk-head h2').focus();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  });

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [390, 1440]) {
      it(`is for everybody at ${width} pixels, ${colorScheme}`, async () => {
        const { page, context } = await signIn('advisor', { width, colorScheme });
        await page.goto(`${runtime.url}/desk/inbox?view=open`);
        await assertAccessible(page);
        await screenshot(page, `inbox-${width}-${colorScheme}`);
        await page.locator('.c-row').first().click();
        await page.locator('#conversation[data-conversation]').waitFor();
        await assertAccessible(page);
        await screenshot(page, `conversation-${width}-${colorScheme}`);
        await context.close();
      });
    }
  }
});
