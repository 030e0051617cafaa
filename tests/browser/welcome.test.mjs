// The welcome page in a real browser: the phone on it, and whether everybody can use it.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from '../edge/runtime.mjs';
import { assertAccessible, launch, open, screenshot } from './browser.mjs';

describe(`the welcome page on ${kind}`, () => {
  let runtime;
  let browser;
  let carrier;

  before(async () => {
    // The deployment's own stand-in for Twilio, whose address is known only once the deployment runs.
    carrier = createServer(async (request, response) => {
      const body = request.method === 'POST' ? Buffer.concat(await request.toArray()) : undefined;
      const { authorization, 'content-type': type } = request.headers;
      const headers = Object.fromEntries(Object.entries({ authorization, 'content-type': type }).filter(([, value]) => value));
      const answer = await runtime.fetch(`/simulator/twilio${request.url}`, { method: request.method, headers, body });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise((resolve) => carrier.listen(0, '127.0.0.1', resolve));
    const settings = { SIMULATOR: 'on', TWILIO_API_URL: `http://127.0.0.1:${carrier.address().port}` };
    runtime = await startRuntime({ demo: true, settings });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await runtime?.stop();
    carrier?.closeAllConnections();
    carrier?.close();
  });

  const last = (page) => page.locator('.message').last();

  async function say(page, text) {
    const replies = page.locator('.theirs');
    const before = await replies.count();
    await page.getByLabel('Text message').fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
    await replies.nth(before).waitFor();
  }

  // At another time for each test: the store's capacity is real.
  async function book(page, time) {
    await say(page, `I need an oil change next Tuesday at ${time}`);
    await say(page, "It's a 2019 Honda CR-V");
    await say(page, 'Maria Lopez');
    await say(page, 'Yes, please');
  }

  it('books an appointment, and shows the confirmation when it has left', async () => {
    const { page, context, errors } = await open(browser, runtime.url);
    await book(page, '3pm');
    await page.locator('.theirs', { hasText: 'your appointment is booked' }).waitFor();
    await page.locator('dd', { hasText: 'Oil change' }).first().waitFor();
    assert.equal(await page.locator('dt', { hasText: 'Appointment' }).count(), 1);

    await page.reload();
    await page.locator('.theirs', { hasText: 'your appointment is booked' }).waitFor();
    await page.getByRole('button', { name: 'New number' }).click();
    await page.locator('.empty').waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('sends a suggestion in the language that was picked', async () => {
    const { page, context } = await open(browser, runtime.url);
    await page.getByRole('button', { name: 'Español' }).click();
    await page.getByRole('button', { name: '¿Abren los sábados?' }).click();
    await page.locator('.theirs').waitFor();
    assert.match(await last(page).innerText(), /8:00|8 a/);

    await page.getByRole('radio', { name: '湖滨汽车服务' }).check();
    assert.equal(await page.getByRole('button', { name: '中文' }).getAttribute('aria-pressed'), 'true');
    await page.getByRole('button', { name: '四轮定位多少钱？' }).click();
    await page.locator('.theirs', { hasText: '280' }).waitFor();
    await context.close();
  });

  it('lets one ask for a car that is in the shop', async () => {
    const { page, context } = await open(browser, runtime.url);
    await page.getByLabel('You are').selectOption({ label: 'the owner of the 2019 Honda CR-V in the shop' });
    await say(page, 'Is my car ready?');
    assert.match(await last(page).innerText(), /CR-V/);
    await context.close();
  });

  it('keeps what could not be sent, and sends it once', async () => {
    const { page, context } = await open(browser, runtime.url);
    await page.locator('.empty').waitFor();
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Are you open on Saturday?' }).click();
    await page.getByText('Not delivered.').waitFor();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.theirs').waitFor();
    assert.equal(await page.locator('.mine').count(), 1);
    await context.close();
  });

  it('does not repeat a message whose answer was lost', async () => {
    const { page, context } = await open(browser, runtime.url);
    await page.locator('.empty').waitFor();
    const lost = async (route) => {
      if (route.request().method() !== 'POST') return route.abort();
      await route.fetch();
      return route.abort();
    };
    await page.route('**/simulator/*/messages*', lost);
    await page.getByRole('button', { name: 'How much is an alignment?' }).click();
    await page.getByText('Not delivered.').waitFor();
    await page.unroute('**/simulator/*/messages*', lost);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.theirs', { hasText: '$129.95' }).waitFor();
    const from = await page.evaluate(() => localStorage.getItem('lanekeeper.peer.lakeside-sms'));
    const [{ turns }] = await runtime.sql('SELECT turns FROM conversations WHERE peer = ?1', from);
    assert.deepEqual([turns, await page.locator('.mine').count(), await page.locator('.theirs').count()], [1, 1, 1]);
    await context.close();
  });

  it('shows texts as text', async () => {
    const { page, context, errors } = await open(browser, runtime.url);
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    await say(page, evil);
    assert.equal(await page.locator('.mine p').innerText(), evil);
    assert.equal(await page.locator('.thread img, .thread script').count(), 0);
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('can be used with the keyboard alone', async () => {
    const { page, context } = await open(browser, runtime.url);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
    await page.getByLabel('Text message').focus();
    await page.keyboard.type('How much is an oil change?');
    await page.keyboard.press('Enter');
    await page.locator('.theirs', { hasText: '$79.95' }).waitFor();
    await context.close();
  });

  it('shows commands that work', async () => {
    const { page, context } = await open(browser, runtime.url);
    const commands = await page.locator('.api pre').allInnerTexts();
    assert.equal(commands.length, 4);
    for (const command of commands) {
      const [, url] = command.match(/^curl (\S+)/);
      const [, authorization] = command.match(/-H 'Authorization: (.+?)'/);
      const body = command.match(/-d '(.+)'/)?.[1];
      const response = await fetch(url, { method: body ? 'POST' : 'GET', headers: { authorization }, body });
      assert.equal(response.status, 200, command);
    }
    await context.close();
  });

  it('rests while nobody looks', async () => {
    const { page, context } = await open(browser, runtime.url);
    await page.locator('.empty').waitFor();
    let asked = 0;
    page.on('request', (request) => request.url().includes('/messages') && (asked += 1));
    await page.clock.install();
    const hide = (hidden) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    await page.clock.runFor(60_000);
    assert.equal(asked, 0);
    await hide(false);
    await page.clock.runFor(2_500);
    assert.equal(asked, 1);
    await context.close();
  });

  for (const [width, times] of [[390, ['9am', '10am']], [1440, ['11am', '1pm']]]) {
    for (const [colorScheme, time] of [['light', times[0]], ['dark', times[1]]]) {
      it(`is accessible and fits at ${width} px, ${colorScheme}`, async () => {
        const { page, context } = await open(browser, runtime.url, { width, colorScheme });
        await page.locator('.empty').waitFor();
        await assertAccessible(page);
        await screenshot(page, `welcome-${width}-${colorScheme}-first`);
        await book(page, time);
        await page.locator('.theirs', { hasText: 'your appointment is booked' }).waitFor();
        await assertAccessible(page);
        await screenshot(page, `welcome-${width}-${colorScheme}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${overflow} px wider than the window`);
        await context.close();
      });
    }
  }
});

describe(`the welcome page on ${kind}, with the simulator off`, () => {
  it('says how to switch it on', async () => {
    const runtime = await startRuntime();
    const browser = await launch();
    try {
      const { page, errors } = await open(browser, runtime.url);
      await page.getByRole('heading', { name: 'The phone simulator is off' }).waitFor();
      await assertAccessible(page);
      await screenshot(page, 'welcome-off');
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
      await runtime.stop();
    }
  });
});
