// Addresses are places: a folder, a message and a search can be reloaded, kept, opened in a tab; Back works. Searching.
import assert from 'node:assert/strict';

import { deliver, letter, newPerson } from './desk.mjs';
import { eventually, inbox, list, password, row, signIn, test, trySignIn, url } from './kit.mjs';
import { gone, heading, openFolder, openMessage, text } from './steps.mjs';

/** Somebody signed in, with three letters. */
async function owner(page) {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Tide table', text: 'High water at noon.' }));
  await deliver(address, letter({ subject: 'Boat', text: 'The hull needs paint.', from: 'Jürgen Groß <jg@fenwick.example>' }));
  await deliver(address, letter({ subject: 'Supper', text: 'Crab & bread at noon.' }));
  await signIn(page, address);
  return address;
}

async function search(page, words) {
  await page.getByRole('combobox', { name: 'Search mail' }).fill(words);
  await page.keyboard.press('Enter');
}

const found = (page, count) =>
  eventually(async () => Number(await inbox(page).getAttribute('aria-rowcount')) === count, `${count} found`);

test('a message is there again after reloading, and in a new tab', async ({ page, newPage }) => {
  await owner(page);
  await openMessage(page, 'Boat');
  await page.reload();
  await heading(page, 'Boat').waitFor();
  await text(page).getByText('The hull needs paint.').waitFor();
  assert.equal(await row(page, 'Boat').getAttribute('aria-current'), 'true');
  const other = await newPage();
  await other.goto(page.url());
  await heading(other, 'Boat').waitFor();
});

test('Back and Forward walk through folders, messages and searches', async ({ page }) => {
  await owner(page);
  await openMessage(page, 'Boat');
  await openMessage(page, 'Supper');
  await openFolder(page, 'Sent');
  await page.goBack();
  await heading(page, 'Supper').waitFor();
  await list(page, 'Inbox').waitFor();
  await page.goBack();
  await heading(page, 'Boat').waitFor();
  await page.goBack();
  await page.getByText('No message open').waitFor();
  await page.goForward();
  await heading(page, 'Boat').waitFor();
});

test('searching finds by subject, sender and text, and says how many', async ({ page }) => {
  await owner(page);
  await search(page, 'noon');
  await found(page, 2);
  await page.getByText('2 messages found').waitFor();
  await row(page, 'Tide table').waitFor();
  await row(page, 'Boat').waitFor({ state: 'detached' });
  await search(page, 'groß');
  await found(page, 1);
  await row(page, 'Boat').waitFor();
  await search(page, 'crab & bread');
  await found(page, 1);
  await search(page, 'no such words "\\ %');
  await page.getByText('No message matches').waitFor();
  await page.getByRole('button', { name: 'Clear search' }).click();
  await found(page, 3);
  assert.equal(await page.getByRole('combobox', { name: 'Search mail' }).inputValue(), '');
});

test('a search can be kept: reloaded, opened elsewhere, and left by Back', async ({ page, newPage }) => {
  await owner(page);
  await search(page, 'noon');
  await found(page, 2);
  await page.reload();
  await found(page, 2);
  assert.equal(await page.getByRole('combobox', { name: 'Search mail' }).inputValue(), 'noon');
  await openMessage(page, 'Supper');
  const other = await newPage();
  await other.goto(page.url());
  await heading(other, 'Supper').waitFor();
  await found(other, 2);
  await page.goBack();
  await page.goBack();
  await found(page, 3);
});

test('a message that is archived from a search leaves it', async ({ page }) => {
  await owner(page);
  await search(page, 'noon');
  await openMessage(page, 'Supper');
  await page.keyboard.press('e');
  await gone(page, 'Supper');
  await found(page, 1);
});

test('a kept address leads there after signing in', async ({ page, stranger }) => {
  const address = await owner(page);
  await openMessage(page, 'Tide table');
  const kept = page.url();
  const other = await stranger();
  await other.goto(kept);
  await trySignIn(other, address, password);
  await heading(other, 'Tide table').waitFor();
});

test('a row opens in a new tab by the middle button', async ({ page, context }) => {
  await owner(page);
  const opened = context.waitForEvent('page');
  await row(page, 'Boat').click({ button: 'middle' });
  const other = await opened;
  await heading(other, 'Boat').waitFor();
  await page.getByText('No message open').waitFor();
});

test('addresses that lead nowhere say so, with a way on', { expected: [/404|410/] }, async ({ page }) => {
  await owner(page);
  await openMessage(page, 'Boat');
  const wrong = page.url().replace(/\d+$/, '999999');
  await page.goto(wrong);
  await page.getByText('This message is gone').waitFor();
  await page.goto(`${url}/mail/bm93aGVyZQ`);
  await page.getByText('This folder is not there').waitFor();
  await page.getByRole('button', { name: 'Go to Inbox' }).click();
  await found(page, 3);
  await page.goto(`${url}/mail/a/b/c/d`);
  await page.getByText('There is no such page').waitFor();
});
