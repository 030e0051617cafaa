// Chromium for tests of pages: the one that CHROMIUM names, or the first on the PATH.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '../..');
const screenshots = path.join(root, 'target/screenshots');

/** The widths that pages are made for: a phone's and a desk's. */
const viewports = { 390: { width: 390, height: 844 }, 1440: { width: 1440, height: 900 } };

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch() {
  return chromium.launch({ executablePath: executable(), args: quiet, headless: true });
}

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const directories = process.env.PATH.split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const found = names.flatMap((name) => directories.map((directory) => path.join(directory, name))).find(existsSync);
  if (!found) throw new Error('No Chromium is on the PATH. Install it (Debian: apt-get install chromium) or set CHROMIUM.');
  return found;
}

/** A page that fails its test on any error in the console, a refusal by the content security policy among them. */
export async function open(browser, url, { width = 1440, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport: viewports[width], colorScheme });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, context, errors };
}

/** The whole page, for people to look at. */
export async function screenshot(page, name) {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true, animations: 'disabled' });
}

/** Fails on what keeps people out: axe's findings that are serious or critical. */
export async function assertAccessible(page) {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  // Evaluated, not added as a tag: the page's policy allows no script but its own.
  await page.evaluate(await readFile(axe, 'utf8'));
  const { violations } = await page.evaluate(() => window.axe.run());
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = grave.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => `  ${html}`).join('\n')}`);
  assert.deepEqual(told, []);
}
