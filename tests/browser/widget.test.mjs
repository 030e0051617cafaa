// The chat widget as a visitor meets it: on a dealer's page of another origin, under a strict policy, in Chromium.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTwilioApi } from '../edge/twilio-api.mjs';
import { startRuntime } from '../edge/runtime.mjs';
import { launch } from './browser.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const shots = path.join(root, 'target/screenshots');
const sizes = { 390: { width: 390, height: 844 }, 1440: { width: 1440, height: 900 } };

/** A dealer's site whose policy allows the widget's origin as docs/widget.md says, and nothing else. */
async function startDealer(origin) {
  const page = (line, dark) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lakeside Motors</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/site.css">
    <script src="${origin()}/widget.js" data-line="${line}" defer></script></head>
    <body class="${dark}"><header><strong>Lakeside Motors</strong><nav><a href="/">Home</a><a href="/second">Service</a></nav></header>
    <main><h1>Service that keeps you moving</h1><p>Factory-trained technicians, genuine parts, and a shuttle that is never late.</p>
    <button>Request a quote</button></main></body></html>`;
  const css = `*{box-sizing:border-box}body{margin:0;font:17px/1.5 Georgia,serif;background:#fff;color:#222}
    header{display:flex;gap:32px;justify-content:space-between;padding:20px 6vw;border-bottom:1px solid #ddd}nav{display:flex;gap:24px}a{color:#244}
    main{padding:12vh 6vw;max-width:760px}h1{font-size:clamp(34px,5vw,60px);line-height:1.1}button{padding:12px 20px;font:inherit}
    @media(prefers-color-scheme:dark){body{background:#14161a;color:#eee}a{color:#bcd}}
    /* What dealers' pages do to everything: */ div,iframe,span{line-height:3!important;letter-spacing:.1em}`;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://dealer');
    if (pathname === '/site.css') return response.writeHead(200, { 'content-type': 'text/css' }).end(css);
    const policy = `default-src 'none'; script-src ${origin()}; style-src 'self'; frame-src ${origin()}; img-src 'self' data:`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    response.end(page(searchParams.get('line') ?? 'lakeside-chat'));
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://localhost:${server.address().port}`, stop: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }) };
}

describe('the chat widget', () => {
  let runtime;
  let api;
  let dealer;
  let browser;
  before(async () => {
    api = await startTwilioApi();
    runtime = await startRuntime({ demo: true, settings: { TWILIO_API_URL: api.url } });
    dealer = await startDealer(() => runtime.url);
    browser = await launch();
    await mkdir(shots, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await dealer?.stop();
    await runtime?.stop();
    await api?.stop();
  });

  /** Somebody on the dealer's site. Whatever is an error in the console fails the test, a refusal by the policy among them. */
  async function visit({ width = 1440, colorScheme = 'light', locale = 'en-US', line = 'lakeside-chat', touch = false } = {}) {
    const context = await browser.newContext({ viewport: sizes[width], colorScheme, locale, hasTouch: touch, isMobile: touch });
    const page = await context.newPage();
    const errors = watch(page);
    await page.goto(`${dealer.url}/?line=${line}`);
    const chat = page.frameLocator('iframe');
    return { context, page, chat, errors, launcher: page.locator('button.launcher') };
  }

  function watch(page) {
    const errors = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    return errors;
  }

  const say = async (chat, words) => {
    await chat.locator('#text').fill(words);
    await chat.locator('#text').press('Enter');
  };
  const bubbles = (chat, who) => chat.locator(`.message.${who} .bubble`);
  const shot = (page, name) => page.screenshot({ path: path.join(shots, `widget-${name}.png`), animations: 'disabled' });
  const settled = (page) => page.waitForTimeout(400);

  async function assertAccessible(page) {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const frame = page.frames().find((one) => one.url().includes('/widget/'));
    for (const place of [page.mainFrame(), frame]) {
      await place.evaluate(axe);
      const { violations } = await place.evaluate(() => window.axe.run(document, { iframes: false }));
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.deepEqual(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => html + JSON.stringify(any.map((a) => a.message))).join('\n')}`), []);
    }
  }

  it('books by tapping, under a strict policy, without a word to the dealer\'s page', async () => {
    const { page, chat, errors, launcher, context } = await visit();
    await launcher.click();
    await chat.getByRole('button', { name: 'Book an appointment' }).click();
    await chat.getByRole('button', { name: 'Oil change' }).click();
    await chat.locator('.cards button').nth(1).click();
    await chat.locator('#dots').waitFor({ state: 'hidden' });
    await say(chat, '2019 Honda CR-V');
    await bubbles(chat, 'ai').filter({ hasText: 'name' }).last().waitFor();
    await say(chat, 'Dana');
    await chat.getByRole('button', { name: 'Yes', exact: true }).click();
    const card = chat.locator('.appointment');
    await card.waitFor();
    const [calendar] = await Promise.all([page.waitForEvent('download'), card.getByText('Add to calendar').click()]);
    assert.match(await readFile(await calendar.path(), 'utf8'), /SUMMARY:Oil change/);
    await settled(page);
    await shot(page, 'booked-1440-light');
    await assertAccessible(page);
    assert.equal(await page.evaluate(() => document.body.innerText.includes('CR-V')), false);
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('keeps the thread over reloads, pages and days, and is open where it was open', async () => {
    const { page, chat, launcher, context, errors } = await visit();
    await launcher.click();
    await say(chat, 'when are you open?');
    await bubbles(chat, 'ai').first().waitFor();
    await chat.locator('#text').fill('half a thou');
    await page.goto(`${dealer.url}/second`);
    await bubbles(chat, 'customer').filter({ hasText: 'when are you open?' }).waitFor();
    assert.equal(await chat.locator('#text').inputValue(), 'half a thou');
    assert.equal(await launcher.isVisible(), false);
    await page.close();
    const later = await context.newPage();
    await later.goto(dealer.url);
    await later.locator('button.launcher').click();
    await bubbles(later.frameLocator('iframe'), 'ai').first().waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('asks seldom while nothing happens, and not at all where nothing was ever said', async () => {
    const { page, chat, launcher, context } = await visit();
    let requests = 0;
    page.on('request', (request) => { if (request.url().includes('/api/')) requests += 1; });
    await launcher.click();
    await page.waitForTimeout(3000);
    assert.equal(requests, 0);
    await say(chat, 'when are you open?');
    await bubbles(chat, 'ai').first().waitFor();
    requests = 0;
    await page.waitForTimeout(6000);
    assert.ok(requests <= 1, `${requests} requests in six seconds`);
    await context.close();
  });

  it('sends what was written offline once it is back, once', async () => {
    const { chat, launcher, context } = await visit();
    await launcher.click();
    await say(chat, 'hello there');
    await bubbles(chat, 'ai').first().waitFor();
    await context.setOffline(true);
    await say(chat, 'how much is an oil change?');
    await chat.locator('#banner', { hasText: 'offline' }).waitFor();
    await chat.locator('.pending').waitFor();
    await context.setOffline(false);
    await bubbles(chat, 'ai').filter({ hasText: '$' }).waitFor();
    await chat.locator('#banner').waitFor({ state: 'hidden' });
    assert.equal(await bubbles(chat, 'customer').filter({ hasText: 'how much' }).count(), 1);
    const rows = await runtime.sql("SELECT count(*) AS n FROM messages WHERE text = 'how much is an oil change?'");
    assert.equal(rows[0].n, 1);
    await context.close();
  });

  it('shows the same thread in two tabs', async () => {
    const { chat, launcher, context } = await visit();
    const second = await context.newPage();
    await second.goto(dealer.url);
    const other = second.frameLocator('iframe');
    await launcher.click();
    await second.locator('button.launcher').click();
    await say(chat, 'hi from the first tab');
    await bubbles(chat, 'ai').first().waitFor();
    await say(other, 'and from the second');
    await bubbles(chat, 'customer').filter({ hasText: 'and from the second' }).waitFor();
    await bubbles(other, 'customer').filter({ hasText: 'hi from the first tab' }).waitFor();
    await context.close();
  });

  it('is used by keyboard alone', async () => {
    const { page, chat, launcher, context } = await visit();
    await launcher.waitFor();
    await launcher.focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.tagName === 'IFRAME');
    const frame = page.frames().find((one) => one.url().includes('/widget/'));
    await frame.waitForFunction(() => document.activeElement?.id === 'text');
    await page.keyboard.type('how much is an oil change?');
    await page.keyboard.press('Enter');
    await bubbles(chat, 'ai').first().waitFor();
    await page.keyboard.press('Escape');
    await launcher.waitFor();
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains('launcher'));
    await context.close();
  });

  it('counts what came while it was closed', async () => {
    const { page, chat, launcher, context } = await visit();
    await launcher.click();
    await say(chat, 'can I talk to a person?');
    await chat.locator('#status', { hasText: 'person' }).waitFor();
    await chat.locator('#close').click();
    const [{ id, store_id: store, line_id: line }] = await runtime.sql(
      "SELECT c.id, c.store_id, c.line_id FROM conversations c WHERE c.line_id = 'lakeside-chat' ORDER BY c.opened_at DESC LIMIT 1",
    );
    await runtime.sql(
      "INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at) VALUES (?1, ?2, ?3, ?4, 'person', 'Maria here. How can I help?', ?5)",
      `m-${id}`, store, id, line, Date.now(),
    );
    await page.locator('.badge', { hasText: '1' }).waitFor({ timeout: 40_000 });
    await shot(page, 'badge-1440-light');
    await launcher.click();
    await bubbles(chat, 'person').filter({ hasText: 'Maria here' }).waitFor();
    await page.locator('.badge').waitFor({ state: 'hidden' });
    // While it is open, what is written comes within two seconds or so.
    await runtime.sql(
      "INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at) VALUES (?1, ?2, ?3, ?4, 'person', 'Still there?', ?5)",
      `n-${id}`, store, id, line, Date.now(),
    );
    await bubbles(chat, 'person').filter({ hasText: 'Still there?' }).waitFor({ timeout: 5000 });
    await context.close();
  });

  it('shows script and markup as text', async () => {
    const { page, chat, launcher, context, errors } = await visit();
    await launcher.click();
    const probe = '<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3) &amp;';
    page.on('dialog', () => assert.fail('a script ran'));
    await say(chat, probe);
    await bubbles(chat, 'ai').first().waitFor();
    assert.ok((await bubbles(chat, 'customer').last().textContent()).includes(probe));
    await page.reload();
    await bubbles(chat, 'customer').filter({ hasText: 'onerror' }).waitFor();
    assert.equal(await chat.locator('.message img, .message script').count(), 0);
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('sends pictures', async () => {
    const { page, chat, launcher, context, errors } = await visit();
    await launcher.click();
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    await chat.locator('#file').setInputFiles({ name: 'brake.png', mimeType: 'image/png', buffer: png });
    await chat.locator('.chip img').waitFor();
    await chat.locator('#text').fill('it squeaks here');
    await chat.locator('.send').click();
    await chat.locator('.message.customer .file img').waitFor();
    await bubbles(chat, 'ai').first().waitFor();
    await page.reload();
    await chat.locator('.message.customer .file img').waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('proves a number by a code', async () => {
    const { page, chat, launcher, context, errors } = await visit();
    await launcher.click();
    await say(chat, 'can I talk to a person?');
    await chat.locator('#card input[name=phone]').fill('(312) 555-0177');
    await chat.locator('#card input[name=agreed]').check();
    await shot(page, 'contact-1440-light');
    await chat.locator('#card .main').click();
    await chat.locator('#card input[name=code]').waitFor();
    await api.until((messages) => messages.some(({ to, body }) => to === '+13125550177' && /code is \d{6}/.test(body)));
    const { body } = api.messages.findLast(({ to }) => to === '+13125550177');
    await chat.locator('#card input[name=code]').fill('000000');
    await chat.locator('#card .main').click();
    await chat.locator('.problem', { hasText: 'not the code' }).waitFor();
    await assertAccessible(page);
    await chat.locator('#card input[name=code]').fill(/code is (\d{6})/.exec(body)[1]);
    await chat.locator('#card .main').click();
    await chat.locator('#card', { hasText: 'confirmed' }).waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it('looks right on a phone and a desk, by day and by night, in three languages', async () => {
    const talks = {
      'en-US': { line: 'lakeside-chat', words: ['Hi, I need an oil change next Tuesday after 3'] },
      'es-MX': { line: 'lakeside-chat', words: ['Hola, necesito un cambio de aceite el martes después de las 3'] },
      'zh-CN': { line: 'hubin-chat', words: ['你好，我想下周二换机油'] },
    };
    for (const [locale, { line, words }] of Object.entries(talks)) {
      for (const width of [390, 1440]) {
        for (const colorScheme of ['light', 'dark']) {
          const { page, chat, launcher, context, errors } = await visit({ width, colorScheme, locale, line, touch: width === 390 });
          await launcher.waitFor();
          const name = `${locale.slice(0, 2)}-${width}-${colorScheme}`;
          if (locale === 'en-US') await shot(page, `launcher-${name}`);
          await launcher.click();
          await chat.locator('#tappable button').first().waitFor();
          await settled(page);
          await shot(page, `start-${name}`);
          for (const text of words) await say(chat, text);
          await chat.locator('.cards button').first().waitFor();
          await settled(page);
          await shot(page, `openings-${name}`);
          await assertAccessible(page);
          assert.deepEqual(errors, []);
          await context.close();
        }
      }
    }
  });

  it('says in the console which site is not allowed', async () => {
    await runtime.sql("UPDATE lines SET settings = json_set(settings, '$.allowed_origins', json('[\"https://www.dealer.example\"]')), revision = revision + 1 WHERE id = 'lakeside-chat'");
    const { page, context, errors, launcher } = await visit();
    await page.waitForFunction(() => true);
    await assert.doesNotReject(async () => {
      for (let tries = 0; errors.length === 0 && tries < 50; tries += 1) await page.waitForTimeout(100);
    });
    assert.match(errors.join('\n'), /may not embed the widget "lakeside-chat".*allowed_origins/);
    assert.equal(await launcher.isVisible(), false);
    await runtime.sql("UPDATE lines SET settings = json_remove(settings, '$.allowed_origins'), revision = revision + 1 WHERE id = 'lakeside-chat'");
    await context.close();
  });
});
