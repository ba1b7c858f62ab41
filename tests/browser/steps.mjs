// What people do in the app, step by step, by the roles and names that people with screen readers hear.
import assert from 'node:assert/strict';

import { eventually, list, row } from './kit.mjs';

/** A folder in the tree. */
export const folder = (page, name) =>
  page.getByRole('tree', { name: 'Folders' }).getByRole('treeitem', { name: new RegExp(`^${literal(name)}\\b`) });

/** Opens a folder of the tree and waits for its list. */
export async function openFolder(page, name) {
  await folder(page, name).click();
  await list(page, name).waitFor();
}

/** Opens a message of the list and waits for its subject. */
export async function openMessage(page, subject) {
  await row(page, subject).click();
  await heading(page, subject).waitFor();
}

/** The subject over an open message. */
export const heading = (page, subject) =>
  page.getByRole('region', { name: 'Message', exact: true }).getByRole('heading', { level: 1, name: subject });

/** The document in which the text of the open message stands. */
export const text = (page) => page.frameLocator('iframe[title="Message text"]').locator('body');

/** The toolbar over the open message. */
export const actions = (page) => page.getByRole('toolbar', { name: 'Message actions' });

/** The toolbar of the ticked messages. */
export const selection = (page) => page.getByRole('toolbar', { name: 'Selected messages' });

/** Presses a button of the toolbar over the open message. */
export const act = (page, name) => actions(page).getByRole('button', { name, exact: true }).click();

/** A piece of news that says this. */
export const news = (page, words) => page.getByRole('status').filter({ hasText: words });

/** Waits for a piece of news and takes back what it tells of. */
export async function undo(page, words) {
  await news(page, words).getByRole('button', { name: 'Undo' }).click();
}

/** The composer, or the one whose name is this. */
export const composer = (page, name) =>
  page.getByRole('dialog', name ? { name } : {}).filter({ has: page.getByRole('textbox', { name: 'Message' }) });

/** Begins a new letter and fills it. */
export async function write(page, { to, cc, bcc, subject, words, files }) {
  await page.getByRole('button', { name: 'Compose' }).click();
  await fill(page, { to, cc, bcc, subject, words, files });
}

/** Fills fields of the open composer. */
export async function fill(page, { to, cc, bcc, subject, words, files }) {
  const dialog = composer(page);
  await dialog.waitFor();
  if (to) await dialog.getByRole('combobox', { name: 'To', exact: true }).fill(to);
  for (const [name, addresses] of Object.entries({ Cc: cc, Bcc: bcc })) {
    if (!addresses) continue;
    await dialog.getByRole('button', { name, exact: true }).click();
    await dialog.getByRole('combobox', { name, exact: true }).fill(addresses);
  }
  if (subject) await dialog.getByRole('textbox', { name: 'Subject' }).fill(subject);
  if (words) await dialog.getByRole('textbox', { name: 'Message' }).fill(words);
  if (files) await attach(page, files);
}

/** Attaches files ({ name, mimeType, buffer }, or a path) by the button and the system's dialog. */
export async function attach(page, files) {
  const chosen = page.waitForEvent('filechooser');
  await composer(page).getByRole('button', { name: 'Attach files' }).click();
  await (await chosen).setFiles(files);
}

/** Sends what is in the composer, and waits until it is said to be sent. */
export async function send(page) {
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click();
  await news(page, 'Message sent').waitFor();
}

/** Chooses from the menu of a folder of the tree. */
export async function folderMenu(page, name, item) {
  await folder(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

/** Makes a folder at the top, by the button beside the word "Folders". */
export async function newFolder(page, name) {
  await page.getByRole('button', { name: 'New folder', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'New folder' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: 'Create folder' }).click();
  await folder(page, name).waitFor();
}

/** Waits until a row is gone from the list. */
export const gone = (page, subject) =>
  eventually(async () => (await row(page, subject).count()) === 0, `“${subject}” leaving the list`);

/** What a screen reader hears first of a row: "Unread, flagged", or nothing. */
export const marks = (page, subject) => row(page, subject).getByRole('gridcell').first().innerText();

/** Waits until a row's marks are so. */
export async function marked(page, subject, wanted, limit) {
  let seen;
  await eventually(async () => {
    seen = (await marks(page, subject)).trim();
    return wanted instanceof RegExp ? wanted.test(seen) : seen === wanted;
  }, `“${subject}” marked ${wanted}`, limit).catch((error) => {
    error.message += `; it is marked “${seen}”`;
    throw error;
  });
}

/** How long `work` took, in ms; printed for whoever reads the report. */
export async function measured(what, work) {
  const start = performance.now();
  await work();
  const took = Math.round(performance.now() - start);
  console.log(`${what}: ${took} ms`);
  return took;
}

/** The time within which 95 of 100 were done; printed with the median. */
export function p95(what, took) {
  const sorted = took.toSorted((one, other) => one - other);
  const at = (part) => sorted[Math.ceil(sorted.length * part) - 1];
  console.log(`${what}: ${sorted.length} times, median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
  return at(0.95);
}

/** Asserts that something took at most so long. */
export function within(took, limit, what) {
  assert.ok(took <= limit, `${what} took ${took} ms, more than ${limit}`);
}

const literal = (words) => words.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
