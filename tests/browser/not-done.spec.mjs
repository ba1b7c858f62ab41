// Changes that could not be made: each is told, and all are kept in a list until a person has seen to them.
import assert from 'node:assert/strict';

import { append, imap, letter, newPerson, room } from './desk.mjs';
import { eventually, expectAccessible, list, poorerUrl, row, shot, signIn, test } from './kit.mjs';
import { act, folder, gone, openFolder, openMessage } from './steps.mjs';

const alert = (page, words) => page.getByRole('alert').filter({ hasText: words });
const kept = (page) => page.getByRole('button', { name: /^\d+ changes? could not be made$/ });
const dialog = (page) => page.getByRole('dialog', { name: 'Changes that could not be made' });
const large = (subject) => letter({ subject, text: 'wide open water\n'.repeat(1200) });

for (const colorScheme of ['light', 'dark']) {
  test(`a move for which there is no room is kept, and done when it is tried again, in ${colorScheme}`, { colorScheme }, async ({ page }) => {
    const address = await newPerson();
    await room(address, 50_000);
    await append(address, 'INBOX', large('Ballast'));
    await append(address, 'INBOX', large('Cargo'));
    // This mail server can move by copying only, and for a copy there is no room.
    await signIn(page, address, { at: poorerUrl });
    await openMessage(page, 'Cargo');
    await act(page, 'Archive');
    await alert(page, /^1 message was not moved to Archive\..*full/).waitFor();
    await row(page, 'Cargo').waitFor();
    await kept(page).waitFor();
    await shot(page, `not-done-${colorScheme}`);
    await alert(page, 'not moved').getByRole('button', { name: 'Review' }).click();
    await dialog(page).getByText('1 message was not moved to Archive.').waitFor();
    await expectAccessible(page);
    await shot(page, `not-done-dialog-${colorScheme}`);

    await imap(address, 'SELECT INBOX', 'STORE 1 +FLAGS (\\Deleted)', 'EXPUNGE');
    await dialog(page).getByRole('button', { name: 'Try again' }).click();
    await gone(page, 'Cargo');
    await dialog(page).waitFor({ state: 'detached' });
    assert.equal(await kept(page).count(), 0);
    await eventually(async () => {
      const [status] = await imap(address, 'STATUS Archive (MESSAGES)');
      return /MESSAGES 1\b/.test(status.untagged.join());
    }, 'the letter in Archive');
  });
}

test('what was about messages that are gone is kept without a second try', { expected: [/ERR_INTERNET_DISCONNECTED/] }, async ({ page, context }) => {
  const address = await newPerson();
  await imap(address, 'CREATE Shoals', 'SUBSCRIBE Shoals');
  await append(address, 'Shoals', letter({ subject: 'Renumbered' }));
  await append(address, 'INBOX', letter({ subject: 'Stays' }));
  await append(address, 'INBOX', letter({ subject: 'Taken away' }));
  await signIn(page, address);
  await row(page, 'Taken away').waitFor();
  await openFolder(page, 'Shoals');
  await row(page, 'Renumbered').waitFor();
  await context.setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await row(page, 'Renumbered').getByRole('checkbox').click();
  await page.keyboard.press('s');
  await openFolder(page, 'Inbox');
  await row(page, 'Taken away').getByRole('checkbox').click();
  await page.keyboard.press('e');
  await imap(address, 'DELETE Shoals', 'CREATE Shoals', 'SELECT INBOX', 'STORE 2 +FLAGS (\\Deleted)', 'EXPUNGE');
  await context.setOffline(false);
  await alert(page, /^1 message was not marked\. .*renumbered/).waitFor();
  await alert(page, /^1 message was not moved to Archive\. They were gone already/).waitFor();
  await kept(page).click();
  assert.equal(await dialog(page).getByRole('button', { name: 'Try again' }).count(), 0);
  const items = dialog(page).getByRole('listitem');
  assert.equal(await items.count(), 2);
  await items.first().getByRole('button', { name: 'Dismiss' }).click();
  await items.first().getByRole('button', { name: 'Dismiss' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await kept(page).count(), 0);
  await list(page, 'Inbox').waitFor();
  assert.ok(await folder(page, 'Shoals').count());
});
