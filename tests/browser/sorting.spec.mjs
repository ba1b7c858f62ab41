// What one does with messages: flag, read, move, archive, delete, junk, one by one and many at once, and undoing it.
import assert from 'node:assert/strict';

import { append, deliver, imap, letter, newPerson } from './desk.mjs';
import { eventually, inbox, row, signIn, test } from './kit.mjs';
import {
  act, actions, folder, folderMenu, gone, heading, marked, news, openFolder, openMessage, selection, undo,
} from './steps.mjs';

/** Somebody signed in, with letters of these subjects; the last is the newest. */
async function owner(page, ...subjects) {
  const address = await newPerson();
  for (const subject of subjects) await deliver(address, letter({ subject }));
  await signIn(page, address);
  await row(page, subjects.at(-1)).waitFor();
  return address;
}

/** Flags of a message as a second mail program sees them. */
async function flags(address, folderName, number = 1) {
  const [, fetched] = await imap(address, `SELECT "${folderName}"`, `FETCH ${number} FLAGS`);
  return fetched.untagged.filter((line) => line.includes('FETCH')).join();
}

/** How many messages a second mail program sees in a folder. */
async function count(address, folderName) {
  const [status] = await imap(address, `STATUS "${folderName}" (MESSAGES)`);
  return Number(/MESSAGES (\d+)/.exec(status.untagged.join())?.[1] ?? -1);
}

const holds = (address, folderName, wanted) =>
  eventually(async () => (await count(address, folderName)) === wanted, `${folderName} holding ${wanted}`);
const tick = (page, subject) => row(page, subject).getByRole('checkbox', { name: 'Select message' }).click();
const rows = (page) => inbox(page).getAttribute('aria-rowcount').then(Number);

test('a flag is set and taken away, and the second mail program sees it', async ({ page }) => {
  const address = await owner(page, 'Remember');
  await openMessage(page, 'Remember');
  await act(page, 'Flag');
  await marked(page, 'Remember', 'Flagged');
  assert.equal(await actions(page).getByRole('button', { name: 'Flag' }).getAttribute('aria-pressed'), 'true');
  await eventually(async () => /\\Flagged/.test(await flags(address, 'INBOX')), 'the flag on the server');
  await act(page, 'Flag');
  await marked(page, 'Remember', '');
  await eventually(async () => !/\\Flagged/.test(await flags(address, 'INBOX')), 'no flag on the server');
});

test('a message is marked as unread again', async ({ page }) => {
  const address = await owner(page, 'Later');
  await openMessage(page, 'Later');
  await eventually(async () => /\\Seen/.test(await flags(address, 'INBOX')), 'read on the server');
  await act(page, 'Mark as unread');
  await marked(page, 'Later', 'Unread');
  await eventually(async () => !/\\Seen/.test(await flags(address, 'INBOX')), 'unread on the server');
  await folder(page, 'Inbox').getByText('1 unread').waitFor();
});

for (const [button, name, wire] of [['Archive', 'Archive', 'Archive'], ['Delete', 'Trash', 'Trash'], ['Junk', 'Junk', 'Junk']]) {
  test(`${button}: the message goes to ${name} at once, and undo brings it back`, async ({ page }) => {
    const address = await owner(page, 'Stays', 'Goes');
    await openMessage(page, 'Goes');
    await act(page, button);
    await gone(page, 'Goes');
    await heading(page, 'Stays').waitFor();
    await holds(address, wire, 1);
    await undo(page, `1 message moved to ${name}`);
    await row(page, 'Goes').waitFor();
    await holds(address, wire, 0);
    await holds(address, 'INBOX', 2);
    await openMessage(page, 'Goes');
    await act(page, button);
    await holds(address, wire, 1);
    await openFolder(page, name);
    await row(page, 'Goes').waitFor();
  });
}

test('what is not junk goes back to the inbox', async ({ page }) => {
  const address = await owner(page, 'Stays', 'Harmless');
  await openMessage(page, 'Harmless');
  await act(page, 'Junk');
  await holds(address, 'Junk', 1);
  await openFolder(page, 'Junk');
  await openMessage(page, 'Harmless');
  await act(page, 'Not junk');
  await gone(page, 'Harmless');
  await holds(address, 'INBOX', 2);
});

test('a message is moved by the menu of folders', async ({ page }) => {
  const address = await owner(page, 'Stays', 'Filed');
  await openMessage(page, 'Filed');
  await act(page, 'Move');
  const dialog = page.getByRole('dialog', { name: 'Move to' });
  await dialog.getByRole('searchbox', { name: 'Find a folder' }).fill('arch');
  await dialog.getByRole('menuitem', { name: 'Archive' }).click();
  await gone(page, 'Filed');
  await holds(address, 'Archive', 1);
  await undo(page, '1 message moved to Archive');
  await row(page, 'Filed').waitFor();
});

test('a message is dragged to a folder', async ({ page }) => {
  const address = await owner(page, 'Stays', 'Dragged');
  await row(page, 'Dragged').dragTo(folder(page, 'Archive'));
  await gone(page, 'Dragged');
  await news(page, '1 message moved to Archive').waitFor();
  await holds(address, 'Archive', 1);
});

test('ticked messages are dragged together', async ({ page }) => {
  const address = await owner(page, 'One', 'Two', 'Three');
  await tick(page, 'One');
  await tick(page, 'Two');
  await row(page, 'Two').dragTo(folder(page, 'Archive'));
  await news(page, '2 messages moved to Archive').waitFor();
  await holds(address, 'Archive', 2);
  assert.equal(await rows(page), 1);
});

test('many are ticked by click, Ctrl and Shift, and acted on together', async ({ page }) => {
  const address = await owner(page, 'A1', 'A2', 'A3', 'A4', 'A5');
  await tick(page, 'A5');
  await row(page, 'A2').click({ modifiers: ['Shift'] });
  const ticked = page.getByRole('status').filter({ hasText: 'selected' });
  await ticked.filter({ hasText: '4 selected' }).waitFor();
  await row(page, 'A3').click({ modifiers: ['Control'] });
  await ticked.filter({ hasText: '3 selected' }).waitFor();
  assert.equal(await row(page, 'A3').getAttribute('aria-selected'), 'false');
  assert.equal(await row(page, 'A2').getAttribute('aria-selected'), 'true');
  await selection(page).getByRole('button', { name: 'Flag' }).click();
  for (const subject of ['A2', 'A4', 'A5']) await marked(page, subject, 'Unread, flagged');
  await marked(page, 'A3', 'Unread');
  await selection(page).getByRole('button', { name: 'Mark as read' }).click();
  for (const subject of ['A2', 'A4', 'A5']) await marked(page, subject, 'Flagged');
  await selection(page).getByRole('button', { name: 'Delete' }).click();
  await eventually(async () => (await rows(page)) === 2, 'two left');
  await holds(address, 'Trash', 3);
  await undo(page, '3 messages moved to Trash');
  await eventually(async () => (await rows(page)) === 5, 'five again');
  await holds(address, 'INBOX', 5);
});

test('all are selected, and the selection is left again', async ({ page }) => {
  const address = await owner(page, 'B1', 'B2', 'B3');
  const all = page.getByRole('checkbox', { name: 'Select all' });
  await tick(page, 'B1');
  assert.equal(await all.getAttribute('aria-checked') ?? (await all.evaluate((box) => box.indeterminate && 'mixed')), 'mixed');
  await selection(page).getByRole('button', { name: 'Leave selection' }).click();
  await selection(page).waitFor({ state: 'hidden' });
  await all.click();
  await page.getByRole('status').filter({ hasText: '3 selected' }).waitFor();
  await selection(page).getByRole('button', { name: 'Archive' }).click();
  await page.getByText('Nothing in Inbox').waitFor();
  await holds(address, 'Archive', 3);
});

test('a whole folder is marked as read', async ({ page }) => {
  const address = await owner(page, 'C1', 'C2', 'C3');
  await folder(page, 'Inbox').getByText('3 unread').waitFor();
  await folderMenu(page, 'Inbox', 'Mark all as read');
  for (const subject of ['C1', 'C2', 'C3']) await marked(page, subject, '');
  await eventually(async () => (await folder(page, 'Inbox').getByText('unread').count()) === 0, 'no unread count');
  await eventually(async () => /\\Seen/.test(await flags(address, 'INBOX', 3)), 'read on the server');
});

test('deleting in Trash is for ever, after a question that names the count', async ({ page }) => {
  const address = await owner(page, 'D1', 'D2', 'D3');
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  await selection(page).getByRole('button', { name: 'Delete' }).click();
  await holds(address, 'Trash', 3);
  await openFolder(page, 'Trash');
  await openMessage(page, 'D2');
  await act(page, 'Delete');
  const one = page.getByRole('alertdialog', { name: 'Delete 1 message forever?' });
  await one.getByRole('button', { name: 'Cancel' }).click();
  await one.waitFor({ state: 'hidden' });
  await row(page, 'D2').waitFor();
  await act(page, 'Delete');
  await one.getByRole('button', { name: 'Delete forever' }).click();
  await gone(page, 'D2');
  await holds(address, 'Trash', 2);
  await folderMenu(page, 'Trash', 'Empty folder');
  const all = page.getByRole('alertdialog', { name: 'Delete 2 messages forever?' });
  await all.getByRole('button', { name: 'Delete forever' }).click();
  await page.getByText('Nothing in Trash').waitFor();
  await holds(address, 'Trash', 0);
});

test('all of a folder is what is in it now, not what was there at the last visit', async ({ page }) => {
  const address = await newPerson();
  await imap(address, 'CREATE Reeds');
  await append(address, 'Reeds', letter({ subject: 'R1' }));
  await signIn(page, address);
  await openFolder(page, 'Reeds');
  await row(page, 'R1').waitFor();
  for (const subject of ['R2', 'R3']) {
    await openFolder(page, 'Inbox');
    await append(address, 'Reeds', letter({ subject }));
    await folderMenu(page, 'Reeds', 'Mark all as read');
    await news(page, 'All messages in Reeds marked as read').waitFor();
    await marked(page, subject, '');
    await news(page, 'All messages in Reeds marked as read').getByRole('button', { name: 'Dismiss' }).click();
  }
  await eventually(async () => /\\Seen/.test(await flags(address, 'Reeds', 3)), 'the newest read on the server');

  await openFolder(page, 'Trash');
  await page.getByText('Nothing in Trash').waitFor();
  for (const subject of ['T1', 'T2', 'T3']) {
    await openFolder(page, 'Inbox');
    await append(address, 'Trash', letter({ subject }));
    await folderMenu(page, 'Trash', 'Empty folder');
    const question = page.getByRole('alertdialog', { name: `Delete ${subject.slice(1)} message` });
    await question.getByRole('button', { name: 'Cancel' }).click();
  }
  await folderMenu(page, 'Trash', 'Empty folder');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete forever' }).click();
  await holds(address, 'Trash', 0);
});

/** Somebody who sees no Trash, and the question that deleting “Precious” asks. */
async function askedToMakeTrash(page) {
  // The mail server makes its Trash again by itself, so it is taken out of what the page is told,
  // and nothing is pushed.
  await page.addInitScript(() => {
    globalThis.EventSource = class extends EventTarget { close() {} };
  });
  await page.route('**/api/mailboxes', async (route) => {
    const response = await route.fetch();
    const told = await response.json();
    told.mailboxes = told.mailboxes.filter((mailbox) => mailbox.role !== 'trash');
    await route.fulfill({ response, json: told });
  });
  const address = await owner(page, 'Stays', 'Precious');
  assert.equal(await folder(page, 'Trash').count(), 0);
  await openMessage(page, 'Precious');
  await act(page, 'Delete');
  const question = page.getByRole('dialog', { name: 'Create the folder Trash?' });
  await question.getByText('1 message').waitFor();
  return { address, question };
}

test('without a Trash folder nothing is deleted for ever: one is asked whether to make it', async ({ page }) => {
  const { address, question } = await askedToMakeTrash(page);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await row(page, 'Precious').waitFor();
  assert.equal(await count(address, 'INBOX'), 2);
  assert.equal(await count(address, 'Trash'), 0);
});

test('the Trash that was missing is made, and the message moved there', async ({ page }) => {
  const { address, question } = await askedToMakeTrash(page);
  await imap(address, 'DELETE Trash');
  await page.unroute('**/api/mailboxes');
  await question.getByRole('button', { name: 'Create folder' }).click();
  await news(page, '1 message moved to Trash').waitFor();
  await gone(page, 'Precious');
  await holds(address, 'Trash', 1);
  await holds(address, 'INBOX', 1);
  await openFolder(page, 'Trash');
  await row(page, 'Precious').waitFor();
});

test('a row under the mouse offers its own buttons', async ({ page }) => {
  const address = await owner(page, 'Under', 'Over');
  await row(page, 'Under').hover();
  await row(page, 'Under').getByRole('button', { name: 'Flag' }).click();
  await marked(page, 'Under', 'Unread, flagged');
  await row(page, 'Under').getByRole('button', { name: 'Archive' }).click();
  await gone(page, 'Under');
  await holds(address, 'Archive', 1);
  assert.equal(await actions(page).count(), 0, 'nothing was opened');
});

test('a change that the server refuses is taken back, and said', async ({ page }) => {
  const address = await owner(page, 'Stays', 'Refused');
  const error = { code: 'not-permitted', message: 'The mail server does not allow this.', remedy: 'Ask whoever shares the folder.' };
  let refused = 0;
  await page.route('**/api/operations', async (route) => {
    refused += 1;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const outcomes = route.request().postDataJSON().map(({ id }) => ({ id, outcome: { type: 'refused', error } }));
    await route.fulfill({ json: outcomes });
  });
  await row(page, 'Refused').dragTo(folder(page, 'Archive'));
  await gone(page, 'Refused');
  await page.getByRole('alert').filter({ hasText: 'The mail server does not allow this.' }).waitFor();
  await row(page, 'Refused').waitFor();
  assert.equal(refused, 1);
  await page.unroute('**/api/operations');
  await row(page, 'Refused').dragTo(folder(page, 'Archive'));
  await holds(address, 'Archive', 1);
});

test('a folder that was deleted elsewhere meanwhile is made again, so that nothing is lost', { expected: [/DISCONNECTED/] }, async ({ page, context }) => {
  const address = await newPerson();
  await imap(address, 'CREATE Doomed');
  for (const subject of ['Stays', 'Moved']) await deliver(address, letter({ subject }));
  await signIn(page, address);
  await folder(page, 'Doomed').waitFor();
  await context.setOffline(true);
  await row(page, 'Moved').dragTo(folder(page, 'Doomed'));
  await gone(page, 'Moved');
  await imap(address, 'DELETE Doomed');
  await context.setOffline(false);
  await eventually(async () => (await count(address, 'Doomed')) === 1, 'the message in its folder', 40_000);
});
