// The desk's pages about its people, in a real browser.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kind, startRuntime } from '../edge/runtime.mjs';
import { assertAccessible, launch, open, screenshot } from './browser.mjs';

describe(`the people of the desk on ${kind}`, () => {
  let runtime;
  let browser;

  before(async () => {
    runtime = await startRuntime({ demo: true });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  async function signIn(page, email, password = 'demo-password') {
    await page.goto(`${runtime.url}/desk/sign-in`);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/desk/sign-in'));
  }

  async function assertFits(page) {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} px wider than the window`);
  }

  for (const [width, colorScheme] of [
    [390, 'light'],
    [390, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ]) {
    it(`can be read at ${width} px, ${colorScheme}`, async () => {
      const { page, context, errors } = await open(browser, `${runtime.url}/desk/sign-in`, { width, colorScheme });
      const look = async (name) => {
        await assertAccessible(page);
        await assertFits(page);
        await screenshot(page, `staff-${width}-${colorScheme}-${name}`);
      };
      await look('sign-in');
      await signIn(page, 'owner@demo.example');
      for (const [name, path] of [
        ['account', '/desk/account'],
        ['people', '/desk/people'],
        ['person', '/desk/people/demo-advisor'],
        ['invite', '/desk/people/invite'],
        ['audit', '/desk/audit'],
      ]) {
        await page.goto(runtime.url + path);
        await look(name);
      }
      assert.deepEqual(errors, []);
      await context.close();
    });
  }

  it('lets an owner invite somebody, who chooses a password and finds their own language', async () => {
    const owner = await open(browser, `${runtime.url}/desk/sign-in`);
    await signIn(owner.page, 'owner@demo.example');
    await owner.page.goto(`${runtime.url}/desk/people`);
    await owner.page.getByRole('link', { name: 'Invite somebody' }).click();
    await owner.page.getByLabel('Name').fill('Ana <b>');
    await owner.page.getByLabel('Email').fill('ana@demo.example');
    await owner.page.getByLabel('Lakeside Motors').selectOption('advisor');
    await owner.page.getByRole('button', { name: 'Invite somebody' }).click();
    const link = await owner.page.getByLabel('The link').inputValue();

    const ana = await open(browser, link);
    await assertAccessible(ana.page);
    assert.equal(await ana.page.getByLabel('Name').inputValue(), 'Ana <b>');
    await ana.page.getByLabel('New password').fill('a password of hers');
    await ana.page.getByRole('button', { name: 'Start' }).click();
    await ana.page.waitForURL(/\/desk\/(?!invitations)/);
    await ana.page.goto(`${runtime.url}/desk/account`);
    await ana.page.getByLabel('Language').selectOption('es');
    await ana.page.locator('form', { has: ana.page.getByLabel('Language') }).getByRole('button', { name: 'Save' }).click();
    await ana.page.getByRole('heading', { name: 'Su cuenta' }).waitFor();
    assert.equal(await ana.page.getByRole('link', { name: 'Personal' }).count(), 0, 'an advisor runs no people');

    await owner.page.goto(`${runtime.url}/desk/people`);
    await owner.page.getByRole('link', { name: 'Ana <b>' }).click();
    await owner.page.getByRole('button', { name: 'Close the account' }).click();
    await owner.page.getByText('Closed', { exact: true }).waitFor();
    await ana.page.goto(`${runtime.url}/desk/account`);
    assert.match(ana.page.url(), /\/desk\/sign-in/, 'signed out at once');
    assert.deepEqual([...owner.errors, ...ana.errors], []);
    await Promise.all([owner.context.close(), ana.context.close()]);
  });

  it('is signed out by the menu, with the keyboard alone', async () => {
    const { page, context, errors } = await open(browser, `${runtime.url}/desk/sign-in`);
    await signIn(page, 'viewer@demo.example');
    await page.locator('details.menu summary', { hasText: 'Your account' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('details.menu[open]').count(), 0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('You are signed out.').waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });
});
