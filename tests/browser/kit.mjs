// What every spec uses: a page of its own, signing in, and the rule that no page may complain. A page
// fails its test by an error on the console, an exception, or anything the security policy had to refuse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import nodeTest, { after } from 'node:test';
import { chromium } from 'playwright-core';

import { newPerson } from './desk.mjs';

export const url = process.env.WHIMBREL_URL;
/** The same mail behind a mail server without NOTIFY and MOVE, where PREVIEW is switched off. */
export const poorerUrl = process.env.WHIMBREL_POORER_URL;
export const password = process.env.WHIMBREL_PASSWORD;

const patience = 15_000;
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP *.example 127.0.0.3',
];

// One browser a spec file; every test has a context of its own in it, with nothing kept.
let launched;
function browser() {
  launched ??= chromium.launch({ executablePath: process.env.WHIMBREL_BROWSER, headless: true, args });
  return launched;
}
after(async () => (await launched)?.close());

/**
 * A test with a page: `test(name, [options], async ({ page, context, newPage, stranger }) => …)`; `newPage` opens
 * another tab, `stranger` a page in a browser that shares nothing with the first. Options are Playwright's for a
 * context, and `expected`: patterns of console errors that belong to the test.
 */
export function test(name, options, body) {
  if (typeof options === 'function') [options, body] = [{}, options];
  const { expected = [], timeout = 90_000, ...contextOptions } = options;
  nodeTest(name, { timeout }, async () => {
    const contexts = [];
    const complaints = [];
    const newContext = async () => {
      const context = await (await browser()).newContext({ viewport: { width: 1366, height: 850 }, locale: 'en-GB', ...contextOptions });
      contexts.push(context);
      context.setDefaultTimeout(patience);
      await listen(context, complaints, expected);
      return context;
    };
    const context = await newContext();
    const newPage = () => context.newPage();
    const stranger = async () => (await newContext()).newPage();
    const page = await newPage();
    try {
      await body({ page, context, newPage, stranger, complaints });
      assert.deepEqual(complaints, [], 'the page complained');
    } catch (error) {
      for (const one of contexts) await picture(one, `${name} ${contexts.indexOf(one)}`, complaints);
      throw error;
    } finally {
      for (const one of contexts) await one.close();
    }
  });
}

async function listen(context, complaints, expected) {
  const take = (text) => {
    if (!expected.some((pattern) => pattern.test(text))) complaints.push(text);
  };
  await context.exposeBinding('__refused', (_, text) => take(`policy: ${text}`));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      globalThis.__refused(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`);
    });
  });
  context.on('page', (page) => {
    page.on('pageerror', (error) => take(`exception: ${error.message}`));
    page.on('crash', () => take('the page crashed'));
  });
  context.on('console', (message) => {
    if (message.type() === 'error') take(`console: ${message.text()} ${message.location().url ?? ''}`);
  });
}

async function picture(context, name, complaints) {
  const file = name.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
  for (const [number, page] of context.pages().entries()) {
    const path = join(process.env.WHIMBREL_SHOTS, `failed-${file}-${number}.png`);
    await page.screenshot({ path, timeout: 5000 }).catch(() => {});
    console.log(`${name}: at ${page.url()}, picture: ${path}`);
  }
  if (complaints.length > 0) console.log(`${name}: complaints: ${complaints.join('\n    ')}`);
}

/** A picture for people to look at, in target/browser. */
export function shot(page, name) {
  return page.screenshot({ path: join(process.env.WHIMBREL_SHOTS, `${name}.png`) });
}

/** Fills and sends the sign-in form. */
export async function trySignIn(page, address, secret = password, { shared = false } = {}) {
  await page.getByRole('textbox', { name: 'Mail address' }).fill(address);
  await page.getByLabel('Password').fill(secret);
  if (shared) await page.getByRole('checkbox', { name: 'This is a shared computer' }).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in as `address` (a new person if none is given) and waits for the list of the inbox. */
export async function signIn(page, address, options) {
  address ??= await newPerson();
  await page.goto(options?.at ?? url);
  await trySignIn(page, address, password, options);
  await inbox(page).waitFor();
  return address;
}

/** Signs out by the account menu. */
export async function signOut(page) {
  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
}

/** The list of a folder. */
export const list = (page, folder) => page.getByRole('grid', { name: `Messages in ${folder}` });
export const inbox = (page) => list(page, 'Inbox');

/** A row by a word of it. */
export const row = (page, text) => page.getByRole('row').filter({ hasText: text });

/** Waits until `look` gives something true, and gives that. */
export async function eventually(look, what = 'it', limit = patience) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) assert.fail(`${what} did not happen within ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails if axe-core finds anything serious on the page. Frames of mail are documents of others. */
export async function expectAccessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'] }));
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(serious, [], `not accessible at ${page.url()}`);
}
