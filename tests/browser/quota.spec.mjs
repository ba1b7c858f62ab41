// How full the mailbox is: the bar under the folders, what it opens, and letters for which there is no room.
import assert from 'node:assert/strict';

import { append, imap, letter, newPerson, room } from './desk.mjs';
import { eventually, expectAccessible, list, shot, signIn, test } from './kit.mjs';
import { composer, fill, news, write } from './steps.mjs';

const bar = (page) => page.getByRole('progressbar', { name: /^Storage used: / });
const storage = (page) => page.getByRole('dialog', { name: 'Storage' });
/** A letter of about so many bytes, as it lies on the server: a line of it takes 17. */
const large = (bytes) => letter({ subject: 'Large', text: 'wide open water\n'.repeat(Math.floor(bytes / 17)) });

/** Somebody with so much room, and so much of it taken. */
async function tenant(bytes, taken) {
  const address = await newPerson();
  await room(address, bytes);
  if (taken > 0) await append(address, 'INBOX', large(taken));
  return address;
}

/** Removes everything from a folder as a second mail program. */
const empty = (address, folder) =>
  imap(address, `SELECT ${folder}`, 'UID STORE 1:* +FLAGS.SILENT (\\Deleted)', 'EXPUNGE');

for (const colorScheme of ['light', 'dark']) {
  test(`the bar says how full it is, and opens the largest folders, in ${colorScheme}`, { colorScheme }, async ({ page }) => {
    const address = await tenant(1 << 20, 300_000);
    await imap(address, 'CREATE Estuary', 'SUBSCRIBE Estuary');
    await append(address, 'Estuary', large(400_000));
    await signIn(page, address);
    await bar(page).waitFor();
    assert.equal(await bar(page).evaluate((one) => one.value), 66);
    assert.match(await bar(page).getAttribute('aria-label'), /^Storage used: \d+ KB of 1 MB$/);
    assert.equal(await page.getByRole('status').filter({ hasText: 'filling up' }).count(), 0);
    await expectAccessible(page);
    await shot(page, `quota-${colorScheme}`);

    await page.getByRole('button', { name: /of 1 MB$/ }).click();
    await storage(page).getByText('The largest folders:').waitFor();
    const folders = storage(page).getByRole('listitem');
    const words = await folders.allInnerTexts();
    assert.match(words[0], /^Estuary\s+39\d KB\s+1 message$/);
    assert.match(words[1], /^Inbox\s+29\d KB\s+1 message$/);
    await expectAccessible(page);
    await shot(page, `quota-dialog-${colorScheme}`);
    await folders.first().getByRole('button').click();
    await list(page, 'Estuary').waitFor();
    assert.equal(await storage(page).count(), 0);
  });
}

test('warnings are said when the mail comes, and not again at the next load', { timeout: 180_000 }, async ({ page }) => {
  const address = await tenant(1 << 20, 700_000);
  await signIn(page, address);
  await bar(page).waitFor();
  await append(address, 'INBOX', large(180_000));
  const warning = news(page, 'Your mailbox is filling up');
  await warning.waitFor({ timeout: 60_000 });
  assert.equal(await warning.count(), 1);
  await shot(page, 'quota-warning');
  await append(address, 'INBOX', large(130_000));
  const alarm = page.getByRole('alert').filter({ hasText: 'almost full' });
  await alarm.waitFor({ timeout: 60_000 });
  assert.match(await alarm.innerText(), /Delete large messages and empty the trash/);
  await expectAccessible(page);
  await shot(page, 'quota-danger');

  await page.reload();
  await bar(page).waitFor();
  await page.getByText('Your mailbox is almost full').waitFor();
  assert.equal(await alarm.count(), 0, 'only beside the bar');
});

test('without a limit there is nothing', async ({ page }) => {
  await signIn(page, await tenant(0, 1000));
  // The first round of news is over when the folders are known to be up to date.
  await page.getByRole('status').filter({ hasText: 'Up to date' }).waitFor();
  await page.waitForTimeout(2000);
  assert.equal(await bar(page).count(), 0);
});

test('a draft that does not fit stays in the composer, which says what to do, and fits later', async ({ page }) => {
  const address = await tenant(40_000, 30_000);
  await signIn(page, address);
  const words = 'What must not be lost. '.repeat(1000);
  await write(page, { to: 'friend@whimbrel.example', subject: 'No room', words });
  const alarm = composer(page).getByRole('alert');
  await alarm.filter({ hasText: 'The draft was not saved. The mailbox is full. Delete' }).waitFor();
  await expectAccessible(page);
  await shot(page, 'quota-draft');
  assert.equal(await composer(page).getByRole('textbox', { name: 'Message' }).inputValue(), words);
  await empty(address, 'INBOX');
  await composer(page).getByRole('button', { name: 'Close, keep the draft' }).click();
  await news(page, 'Draft saved').waitFor();
  const [, status] = await imap(address, 'NOOP', 'STATUS Drafts (MESSAGES)');
  assert.match(status.untagged.join(), /MESSAGES 1\b/);
});

test('a letter whose copy does not fit goes out once, and its text stays', async ({ page }) => {
  const friend = await newPerson();
  const address = await tenant(40_000, 30_000);
  await signIn(page, address);
  const words = 'What must not be lost. '.repeat(1000);
  await write(page, { subject: 'Out it goes', words });
  await fill(page, { to: friend });
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click();
  await composer(page).getByRole('alert').filter({ hasText: 'This message was sent.' }).waitFor();
  const why = page.getByRole('alert').filter({ hasText: 'no copy could be kept in Sent. The mailbox is full. Delete' });
  await why.waitFor();
  await shot(page, 'quota-sent');
  await expectAccessible(page);
  assert.equal(await composer(page).getByRole('textbox', { name: 'Message' }).inputValue(), words);
  assert.equal(await composer(page).getByRole('button', { name: 'Send', exact: true }).count(), 0);
  await page.keyboard.press('Control+Enter');

  const arrived = async () => {
    const [status] = await imap(friend, 'STATUS INBOX (MESSAGES)');
    return Number(/MESSAGES (\d+)/.exec(status.untagged.join())?.[1]);
  };
  await eventually(async () => (await arrived()) > 0, 'the letter arriving');
  await empty(address, 'INBOX');
  await composer(page).getByRole('button', { name: 'Close, keep the draft' }).click();
  await news(page, 'Draft saved').waitFor();
  assert.equal(await arrived(), 1);
});
