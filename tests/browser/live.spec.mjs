// What a second mail program does shows by itself: the open folder within 2 s, counts and folders within 15 s.
import assert from 'node:assert/strict';

import { append, deliver, imap, letter, newPerson } from './desk.mjs';
import { eventually, inbox, list, row, signIn, test } from './kit.mjs';
import { act, folder, gone, heading, marked, measured, openFolder, openMessage, within } from './steps.mjs';

const OPEN = 2000;
const REST = 15_000;

/** Somebody signed in for long enough that the page listens to the server. */
async function watcher(page, ...subjects) {
  const address = await newPerson();
  for (const subject of subjects) await deliver(address, letter({ subject }));
  const listening = page.waitForResponse((response) => response.url().includes('/api/events?open='));
  await signIn(page, address);
  await listening;
  await page.getByRole('status').filter({ hasText: 'Up to date' }).waitFor();
  return address;
}

test('new mail shows in the open folder', async ({ page }) => {
  const address = await watcher(page, 'Before');
  const took = [];
  for (const subject of ['First news', 'Second news', 'Third news']) {
    await deliver(address, letter({ subject }));
    took.push(await measured('new mail in the open folder', () => row(page, subject).waitFor()));
  }
  for (const one of took) within(one, OPEN, 'new mail');
  assert.equal(await inbox(page).getAttribute('aria-rowcount'), '4');
  await folder(page, 'Inbox').getByText('4 unread').waitFor();
  assert.match(await page.title(), /Inbox \(4\)/);
});

test('flags, answers and reading elsewhere show in the open folder', async ({ page }) => {
  const address = await watcher(page, 'Watched');
  for (const [change, wanted] of [
    ['+FLAGS (\\Seen)', ''], ['+FLAGS (\\Flagged)', 'Flagged'],
    ['+FLAGS (\\Answered)', 'Flagged, answered'], ['-FLAGS (\\Seen \\Flagged)', 'Unread, answered'],
  ]) {
    await imap(address, 'SELECT INBOX', `STORE 1 ${change}`);
    within(await measured(`${change} elsewhere`, () => marked(page, 'Watched', wanted)), OPEN, change);
  }
});

test('a message that is moved or deleted elsewhere leaves the open folder', async ({ page }) => {
  const address = await watcher(page, 'Stays', 'Goes', 'Goes too');
  await imap(address, 'SELECT INBOX', 'MOVE 3 Archive');
  within(await measured('a move elsewhere', () => gone(page, 'Goes too')), OPEN, 'a move');
  await imap(address, 'SELECT INBOX', 'STORE 2 +FLAGS (\\Deleted)', 'EXPUNGE');
  within(await measured('an expunge elsewhere', () => row(page, /Goes$/).waitFor({ state: 'detached' })), OPEN, 'an expunge');
  await row(page, 'Stays').waitFor();
});

test('the open message being deleted elsewhere loses nothing that is on screen without a word', async ({ page }) => {
  const address = await watcher(page, 'Stays', 'Read now');
  await openMessage(page, 'Read now');
  await imap(address, 'SELECT INBOX', 'STORE 2 +FLAGS (\\Deleted)', 'EXPUNGE');
  await eventually(async () => (await inbox(page).getAttribute('aria-rowcount')) === '1', 'one row less', OPEN * 2);
  const reader = page.getByRole('region', { name: 'Message', exact: true });
  assert.ok((await reader.innerText()).trim().length > 10, 'the reading pane is not blank');
});

test('counts of other folders and new folders show', async ({ page }) => {
  const address = await watcher(page, 'Here');
  await append(address, 'Archive', letter({ subject: 'Elsewhere' }));
  within(await measured('the count of another folder', () =>
    folder(page, 'Archive').getByText('1 unread').waitFor({ timeout: REST + 5000 })), REST, 'a count');
  await imap(address, 'CREATE Shoals');
  within(await measured('a new folder', () => folder(page, 'Shoals').waitFor({ timeout: REST + 5000 })), REST, 'a folder');
  await imap(address, 'RENAME Shoals Banks');
  within(await measured('a renamed folder', () => folder(page, 'Banks').waitFor({ timeout: REST + 5000 })), REST, 'a name');
  assert.equal(await folder(page, 'Shoals').count(), 0);
});

test('news come to whatever folder is open', async ({ page }) => {
  const address = await watcher(page, 'Here');
  const listening = page.waitForResponse((response) => response.url().includes('/api/events?open='));
  await openFolder(page, 'Archive');
  await listening;
  await page.getByText('Nothing in Archive').waitFor();
  await append(address, 'Archive', letter({ subject: 'Filed elsewhere' }));
  within(await measured('new mail in another open folder', () => row(page, 'Filed elsewhere').waitFor()), OPEN, 'news');
  await imap(address, 'SELECT Archive', 'STORE 1 +FLAGS (\\Flagged)');
  within(await measured('a flag in another open folder', () => marked(page, 'Filed elsewhere', 'Unread, flagged')), OPEN, 'a flag');
  await list(page, 'Archive').waitFor();
});

test('two tabs of one person show the same', async ({ page, newPage }) => {
  await watcher(page, 'Shared');
  const other = await newPage();
  await other.goto(page.url());
  await row(other, 'Shared').waitFor();
  await other.getByRole('status').filter({ hasText: 'Up to date' }).waitFor();
  await openMessage(page, 'Shared');
  await act(page, 'Flag');
  within(await measured('a flag in the other tab', () => marked(other, 'Shared', 'Flagged', 10_000)), 3000, 'a flag');
  await act(page, 'Archive');
  await gone(other, 'Shared');
});

test('new mail does not move what one reads', async ({ page }) => {
  const address = await newPerson();
  for (let n = 0; n < 30; n += 1) await deliver(address, letter({ subject: `Number ${n}.` }));
  await signIn(page, address);
  await openMessage(page, 'Number 29.');
  await inbox(page).evaluate((grid) => grid.scrollTo(0, grid.scrollHeight));
  await row(page, 'Number 0.').waitFor();
  const before = await row(page, 'Number 0.').boundingBox();
  await deliver(address, letter({ subject: 'On top' }));
  await eventually(async () => (await inbox(page).getAttribute('aria-rowcount')) === '31', 'the new one', 5000);
  await eventually(async () => Math.abs((await row(page, 'Number 0.').boundingBox()).y - before.y) < 2, 'the rows in their place', 2000);
  await heading(page, 'Number 29.').waitFor();
});
