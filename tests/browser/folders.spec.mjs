// Folders: made, renamed, deleted, inside one another, with awkward names, and what goes wrong.
import assert from 'node:assert/strict';

import { deliver, imap, letter, newPerson } from './desk.mjs';
import { eventually, list, row, shot, signIn, test } from './kit.mjs';
import { act, folder, folderMenu, news, newFolder, openFolder, openMessage } from './steps.mjs';

/** Names of all folders as a second mail program sees them. */
async function names(address) {
  const [listed] = await imap(address, 'LIST "" *');
  return listed.untagged.map((line) => line.replace(/^\* LIST \([^)]*\) "[^"]*" /, '').replace(/^"(.*)"$/, '$1'));
}

// A question about the folder may be on its way while it is deleted.
const crossing = { expected: [/404.*\/changes\?/] };

test('a folder is made, renamed and deleted, and the second mail program sees it', crossing, async ({ page }) => {
  const address = await signIn(page);
  await newFolder(page, 'Estuary');
  await eventually(async () => (await names(address)).includes('Estuary'), 'the folder on the server');
  const [subscribed] = await imap(address, 'LSUB "" Estuary');
  assert.match(subscribed.untagged.join(), /Estuary/, 'subscribed as well');
  await openFolder(page, 'Estuary');
  await page.getByText('Nothing in Estuary').waitFor();

  await folderMenu(page, 'Estuary', 'Rename folder');
  const rename = page.getByRole('dialog', { name: 'Rename Estuary' });
  await rename.getByRole('textbox', { name: 'Name' }).fill('Delta');
  await rename.getByRole('button', { name: 'Rename' }).click();
  await folder(page, 'Delta').waitFor();
  assert.equal(await folder(page, 'Estuary').count(), 0);
  await eventually(async () => (await names(address)).includes('Delta'), 'the new name on the server');
  await list(page, 'Delta').waitFor();

  await folderMenu(page, 'Delta', 'Delete folder');
  const question = page.getByRole('alertdialog', { name: 'Delete the folder Delta?' });
  await question.getByRole('button', { name: 'Delete folder' }).click();
  await eventually(async () => (await folder(page, 'Delta').count()) === 0, 'the folder going');
  await eventually(async () => !(await names(address)).includes('Delta'), 'the folder going on the server');
  await list(page, 'Inbox').waitFor();
});

test('folders lie in one another, are folded, and the question names what is lost', async ({ page }) => {
  const address = await newPerson();
  await imap(address, 'CREATE Islands');
  await signIn(page, address);
  await folderMenu(page, 'Islands', 'New folder inside');
  const dialog = page.getByRole('dialog', { name: 'New folder in Islands' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('North');
  await dialog.getByRole('button', { name: 'Create folder' }).click();
  await dialog.waitFor({ state: 'detached' }); // it gives the focus back
  const parent = folder(page, 'Islands');
  await eventually(async () => (await parent.getAttribute('aria-expanded')) !== null, 'a branch');
  if ((await parent.getAttribute('aria-expanded')) === 'false') {
    await parent.focus();
    await page.keyboard.press('ArrowRight');
  }
  await folder(page, 'North').waitFor();
  assert.equal(await folder(page, 'North').getAttribute('aria-level'), '2');
  await parent.focus();
  await page.keyboard.press('ArrowLeft');
  await folder(page, 'North').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowRight');
  await folder(page, 'North').waitFor();
  assert.ok((await names(address)).some((name) => /^Islands[./]North$/.test(name)));

  await deliver(address, letter({ subject: 'Inside' }));
  await openMessage(page, 'Inside');
  await act(page, 'Move');
  await page.getByRole('dialog', { name: 'Move to' }).getByRole('menuitem', { name: /North/ }).click();
  await news(page, 'moved to North').waitFor();
  await openFolder(page, 'North');
  await row(page, 'Inside').waitFor();
  await folderMenu(page, 'North', 'Delete folder');
  const question = page.getByRole('alertdialog', { name: 'Delete the folder North?' });
  await question.getByText(/1 message/).waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await row(page, 'Inside').waitFor();
});

for (const name of ['Tom & Jerry', 'quote " and \\ back', 'Küsten 鳥 🐦', "it's <bold>"]) {
  test(`a folder may be called ${name}`, async ({ page }) => {
    await signIn(page);
    await page.getByRole('button', { name: 'New folder', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'New folder' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('button', { name: 'Create folder' }).click();
    const made = page.getByRole('treeitem').filter({ hasText: name });
    await made.click();
    await list(page, name).waitFor();
    await eventually(() => !page.url().includes('/new-'), 'a lasting address');
    await page.reload();
    await list(page, name).waitFor();
    await page.getByText(`Nothing in ${name}`).waitFor();
  });
}

test('a folder that is opened while the server still makes it can be reloaded', async ({ page }) => {
  await signIn(page);
  await page.route('**/api/operations', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.getByRole('button', { name: 'New folder', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'New folder' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Slowly');
  await dialog.getByRole('button', { name: 'Create folder' }).click();
  await folder(page, 'Slowly').dispatchEvent('click');
  await list(page, 'Slowly').waitFor();
  await eventually(() => !page.url().includes('/new-'), 'a lasting address');
  await page.reload();
  await page.getByText('Nothing in Slowly').waitFor();
});

test('a name that is taken or impossible is refused where one types it', async ({ page }) => {
  await signIn(page);
  await newFolder(page, 'Once');
  await page.getByRole('button', { name: 'New folder', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'New folder' });
  for (const name of ['Once', 'a/b', '']) {
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('button', { name: 'Create folder' }).click();
    await dialog.getByRole('alert').waitFor();
    assert.ok((await dialog.getByRole('alert').innerText()).length > 5, name);
  }
  await shot(page, 'folder-name-refused');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('a folder made without a line and refused later is said to be missing', { expected: [/DISCONNECTED/] }, async ({ page, context }) => {
  const address = await signIn(page);
  await context.setOffline(true);
  await page.getByText('You are offline.').waitFor({ timeout: 30_000 });
  for (const name of ['Taken', 'Free']) {
    await newFolder(page, name);
    await news(page, `Folder ${name} will be created when the connection is back`).waitFor();
  }
  await imap(address, 'CREATE Taken');
  await context.setOffline(false);
  const failure = page.getByRole('alert').filter({ hasText: 'The folder Taken was not created.' });
  await failure.waitFor({ timeout: 40_000 });
  await eventually(async () => (await names(address)).includes('Free'), 'the other folder');
});

test('a folder refused after its dialog was left is said to be missing', async ({ page }) => {
  await signIn(page);
  const error = { code: 'not-permitted', message: 'The mail server does not allow this.', remedy: 'Ask whoever runs it.' };
  let answer;
  const answered = new Promise((resolve) => { answer = resolve; });
  await page.route('**/api/operations', async (route) => {
    await answered;
    await route.fulfill({ json: route.request().postDataJSON().map(({ id }) => ({ id, outcome: { type: 'refused', error } })) });
  });
  await newFolder(page, 'Nowhere');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('menuitem', { name: 'Appearance' }).click();
  answer();
  await page.getByRole('alert').filter({ hasText: 'The folder Nowhere was not created. The mail server does not allow this.' }).waitFor();
  assert.equal(await folder(page, 'Nowhere').count(), 0);
  await page.getByRole('dialog', { name: 'Appearance' }).waitFor();
});

test('folders with a role keep their name and stay', async ({ page }) => {
  await signIn(page);
  await folder(page, 'Sent').click({ button: 'right' });
  for (const item of ['Rename folder', 'Delete folder']) {
    const entry = page.getByRole('menuitem', { name: item });
    assert.ok(await entry.isDisabled(), item);
  }
});

test('the folder on screen being deleted elsewhere is said, with a way on', { expected: [/404/] }, async ({ page }) => {
  const address = await newPerson();
  await imap(address, 'CREATE Fleeting');
  await signIn(page, address);
  await openFolder(page, 'Fleeting');
  await imap(address, 'DELETE Fleeting');
  await page.getByText('This folder is not there').waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Go to Inbox' }).click();
  await list(page, 'Inbox').waitFor();
});
