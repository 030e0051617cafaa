// Takes the pictures of README.md from the demo with its week of history: scripts/pictures.sh.

import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { startRuntime } from '../edge/runtime.mjs';
import { launch, open } from './browser.mjs';

const images = path.resolve(import.meta.dirname, '../../docs/images');
const size = { width: 1440, height: 900 };

/** A dealer's page with the chat in it. */
const page = (origin) => `<!doctype html><meta charset="utf-8"><title>Lakeside Motors</title>
  <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
  <script src="${origin}/widget.js" data-line="lakeside-chat" defer></script>`;

async function take(name, { page: opened }) {
  await opened.waitForLoadState('networkidle').catch(() => {});
  await opened.screenshot({ path: path.join(images, `${name}.jpg`), type: 'jpeg', quality: 75, animations: 'disabled' });
  console.log(`  docs/images/${name}.jpg`);
}

async function desk(browser, url, colorScheme) {
  const opened = await open(browser, `${url}/desk/sign-in`, { colorScheme });
  const { page: tab, context } = opened;
  await tab.setViewportSize(size);
  await tab.getByLabel('Email').fill('advisor@demo.example');
  await tab.getByLabel('Password').fill('demo-password');
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.waitForURL(/\/desk(?!\/sign-in)/);
  await tab.goto(`${url}/desk/inbox?store=lakeside&view=waiting`);
  await tab.locator('.c-row').first().click();
  await tab.locator('#entries').waitFor();
  await take(`desk-${colorScheme}`, opened);
  await tab.goto(`${url}/desk/stores/lakeside/day`);
  await take(`day-${colorScheme}`, opened);
  await context.close();
}

async function widget(browser, url, colorScheme) {
  const dealer = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page(url));
  });
  await new Promise((resolve) => dealer.listen(0, '127.0.0.1', resolve));
  const opened = await open(browser, `http://127.0.0.1:${dealer.address().port}/`, { width: 390, colorScheme });
  const { page: tab, context } = opened;
  await tab.getByRole('button').first().click();
  const chat = tab.frameLocator('iframe');
  await chat.getByRole('textbox').fill('Hi, I need an oil change next Tuesday after 3');
  await tab.keyboard.press('Enter');
  await chat.getByRole('button', { name: /PM/ }).first().waitFor();
  await tab.waitForTimeout(400);
  await take(`widget-${colorScheme}`, opened);
  await context.close();
  dealer.closeAllConnections();
  dealer.close();
}

await mkdir(images, { recursive: true });
const runtime = await startRuntime({ demo: true });
const browser = await launch();
try {
  for (const colorScheme of ['light', 'dark']) {
    await desk(browser, runtime.url, colorScheme);
    await widget(browser, runtime.url, colorScheme);
  }
} finally {
  await browser.close();
  await runtime.stop();
}
