// What one writes is never lost: closing keeps one draft, reopening goes on with it, sending takes it out of Drafts.
import assert from 'node:assert/strict';

import { imap } from './desk.mjs';
import { eventually, list, row, signIn, test } from './kit.mjs';
import { attach, composer, fill, folder, news, openFolder, send, write } from './steps.mjs';

/** How many drafts a second mail program sees, and the newest. */
async function drafts(address) {
  const [status] = await imap(address, 'STATUS Drafts (MESSAGES)');
  return Number(/MESSAGES (\d+)/.exec(status.untagged.join())[1]);
}

const holds = (address, wanted) => eventually(async () => (await drafts(address)) === wanted, `${wanted} in Drafts`);
const words = (page) => composer(page).getByRole('textbox', { name: 'Message' });

async function close(page) {
  await composer(page).getByRole('button', { name: 'Close, keep the draft' }).click();
  await composer(page).waitFor({ state: 'hidden' });
}

test('closing keeps one draft; reopened and sent, it is gone', async ({ page }) => {
  const address = await signIn(page);
  await write(page, { to: address, subject: 'Half a thought', words: 'It begins' });
  await attach(page, [{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('some notes') }]);
  await close(page);
  await news(page, 'Draft saved').waitFor();
  await holds(address, 1);
  await folder(page, 'Drafts').getByText('1 message', { exact: true }).waitFor();

  await openFolder(page, 'Drafts');
  await row(page, 'Half a thought').click();
  await words(page).waitFor();
  assert.match(await words(page).inputValue(), /^It begins/);
  await composer(page).getByText('notes.txt').first().waitFor();
  await words(page).fill('It begins, and goes on.');
  await close(page);
  await eventually(async () => /goes on/.test(await row(page, 'Half a thought').innerText()), 'the new version in the list');
  await holds(address, 1);

  await row(page, 'Half a thought').click();
  await words(page).waitFor();
  assert.match(await words(page).inputValue(), /goes on/);
  await send(page);
  await holds(address, 0);
  await page.getByText('Nothing in Drafts').waitFor();
  await openFolder(page, 'Inbox');
  await row(page, 'Half a thought').click();
  await page.getByRole('button', { name: /^Open notes\.txt, / }).waitFor();
});

test('what one writes is saved by itself, once, and survives a crash of the page', async ({ page }) => {
  const address = await signIn(page);
  await write(page, { to: 'someone@elsewhere.example', subject: 'Before the crash', words: 'First version.' });
  await composer(page).getByText(/^Saved in Drafts/).waitFor();
  await words(page).fill('Second version.');
  await composer(page).getByText('Not saved yet').waitFor();
  await composer(page).getByText(/^Saved in Drafts/).waitFor();
  assert.equal(await drafts(address), 1, 'the second took the place of the first');
  await page.reload();
  await openFolder(page, 'Drafts');
  await row(page, 'Before the crash').click();
  await words(page).waitFor();
  assert.match(await words(page).inputValue(), /^Second version\./);
});

test('an empty letter leaves nothing behind, and a discarded one goes after a question', async ({ page }) => {
  const address = await signIn(page);
  await page.getByRole('button', { name: 'Compose' }).click();
  await composer(page).waitFor();
  await close(page);
  assert.equal(await drafts(address), 0);
  await write(page, { subject: 'Never mind', words: 'Angry words' });
  await composer(page).getByText(/^Saved in Drafts/).waitFor();
  await composer(page).getByRole('button', { name: 'Discard draft' }).click();
  const question = page.getByRole('alertdialog', { name: 'Discard this draft?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await words(page).inputValue(), 'Angry words');
  await composer(page).getByRole('button', { name: 'Discard draft' }).click();
  await question.getByRole('button', { name: 'Discard draft' }).click();
  await composer(page).waitFor({ state: 'hidden' });
  await holds(address, 0);
});

test('two letters are written side by side', async ({ page }) => {
  const address = await signIn(page);
  await write(page, { to: address, subject: 'Letter one', words: 'One.' });
  await composer(page, 'Letter one').getByRole('button', { name: 'Minimise' }).click();
  await page.getByRole('button', { name: 'Compose' }).click();
  const second = composer(page, 'New message');
  await second.getByRole('textbox', { name: 'Subject' }).fill('Letter two');
  await composer(page, 'Letter two').getByRole('textbox', { name: 'Message' }).fill('Two.');
  const first = page.getByRole('dialog', { name: 'Letter one' });
  await first.getByRole('button', { name: 'Open again' }).click();
  assert.equal(await first.getByRole('textbox', { name: 'Message' }).inputValue(), 'One.');
  const other = page.getByRole('dialog', { name: 'Letter two' });
  await other.getByRole('button', { name: 'Open again' }).click();
  assert.equal(await other.getByRole('textbox', { name: 'Message' }).inputValue(), 'Two.');
});

test('a draft of another mail program is gone on with', async ({ page }) => {
  const address = await signIn(page);
  await write(page, { to: address, cc: 'per@dahl.example', bcc: 'ines@roth.example', subject: 'Fields', words: 'All kept.' });
  await close(page);
  await holds(address, 1);
  await openFolder(page, 'Drafts');
  await list(page, 'Drafts').waitFor();
  await row(page, 'Fields').click();
  await words(page).waitFor();
  for (const [field, name] of [['To', address], ['Cc', 'per@dahl.example'], ['Bcc', 'ines@roth.example']]) {
    await composer(page).getByRole('list', { name: field, exact: true }).getByText(name).waitFor();
  }
  await fill(page, { words: 'All kept, and more.' });
  await composer(page).getByText(/^Saved in Drafts/).waitFor();
  assert.equal(await drafts(address), 1);
});
