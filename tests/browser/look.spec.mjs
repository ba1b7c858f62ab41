// How it looks, to people and to screen readers: light and dark, three widths, nothing serious from axe-core.
// The pictures go to target/browser for whoever wants to see them.
import assert from 'node:assert/strict';

import { deliver, fill as fillMailbox, letter, newPerson } from './desk.mjs';
import { eventually, expectAccessible, inbox, row, shot, signIn, test } from './kit.mjs';
import { act, actions, composer, fill, folder, heading, openFolder, openMessage, selection, text } from './steps.mjs';

const html = `<h2>Spring count</h2><p>Dear all, <b>forty dunlins</b> at <a href="https://fenwick.example/">the point</a>.</p>
  <ul><li>North: 12</li><li>South: 28</li></ul><blockquote>On Monday you wrote: how many?</blockquote>`;
const withFile = `--tern\nContent-Type: text/html; charset=utf-8\n\n${html}\n--tern\nContent-Type: application/pdf\n` +
  `Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=count.pdf\n\n${'dGVybiBjb3VudCA='.repeat(200)}\n--tern--`;

/** Somebody with a mailbox as people have them, and a letter with a file on top. */
async function owner(page) {
  const address = await newPerson();
  await fillMailbox(address, 60, { folders: true });
  await deliver(address, letter({ subject: 'Plain words' }));
  await deliver(address, letter({ subject: 'Spring count', headers: 'Content-Type: multipart/mixed; boundary=tern\n', text: withFile }));
  await signIn(page, address);
  await row(page, 'Spring count').waitFor();
  return address;
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

for (const colorScheme of ['light', 'dark']) {
  test(`list, message, composer and dialogs are accessible in ${colorScheme}`, { colorScheme }, async ({ page }) => {
    const address = await owner(page);
    await expectAccessible(page);
    await shot(page, `list-${colorScheme}`);
    await openMessage(page, 'Spring count');
    await text(page).getByText('forty dunlins').waitFor();
    await expectAccessible(page);
    await shot(page, `message-${colorScheme}`);

    await act(page, 'Reply');
    await fill(page, { cc: 'someone@elsewhere.example, not an address', words: 'Thank you.' });
    await composer(page).getByRole('textbox', { name: 'Subject' }).focus();
    await expectAccessible(page);
    await shot(page, `composer-${colorScheme}`);
    await composer(page).getByRole('button', { name: 'Discard draft' }).click();
    const question = page.getByRole('alertdialog', { name: 'Discard this draft?' });
    await question.waitFor();
    await expectAccessible(page);
    await shot(page, `question-${colorScheme}`);
    await question.getByRole('button', { name: 'Discard draft' }).click();
    await composer(page).waitFor({ state: 'hidden' });

    await act(page, 'Move');
    await page.getByRole('dialog', { name: 'Move to' }).waitFor();
    await expectAccessible(page);
    await shot(page, `move-${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: /keyboard/i }).waitFor();
    await expectAccessible(page);
    await shot(page, `keys-${colorScheme}`);
    await page.keyboard.press('Escape');
    assert.ok(address);
  });

  test(`menus, selection and empty folders are accessible in ${colorScheme}`, { colorScheme }, async ({ page }) => {
    await owner(page);
    await row(page, 'Spring count').getByRole('checkbox').click();
    await selection(page).waitFor();
    await expectAccessible(page);
    await shot(page, `selection-${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Account:/ }).click();
    await page.getByRole('menuitem', { name: 'Appearance' }).waitFor();
    await expectAccessible(page);
    await shot(page, `account-menu-${colorScheme}`);
    await page.getByRole('menuitem', { name: 'Appearance' }).click();
    await page.getByRole('radiogroup', { name: 'Theme' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('radio', { name: 'Compact' }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await expectAccessible(page);
    await shot(page, `compact-${colorScheme}`);
    await page.getByRole('button', { name: 'New folder', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'New folder' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Barren');
    await dialog.getByRole('button', { name: 'Create folder' }).click();
    await openFolder(page, 'Barren');
    await page.getByText('Nothing in Barren').waitFor();
    await expectAccessible(page);
    await shot(page, `empty-${colorScheme}`);
    await folder(page, 'Inbox').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Mark all as read' }).waitFor();
    await expectAccessible(page);
  });

  test(`the phone's list, message and composer are accessible in ${colorScheme}`, { colorScheme, ...phone }, async ({ page }) => {
    await owner(page);
    await expectAccessible(page);
    await shot(page, `phone-list-${colorScheme}`);
    await row(page, 'Spring count').tap();
    await text(page).getByText('forty dunlins').waitFor();
    await expectAccessible(page);
    await shot(page, `phone-message-${colorScheme}`);
    await page.getByRole('toolbar', { name: 'Answer' }).getByRole('button', { name: 'Reply', exact: true }).tap();
    await composer(page).waitFor();
    await expectAccessible(page);
    await shot(page, `phone-composer-${colorScheme}`);
  });
}

test('the theme that was chosen is kept, and holds for the text of messages', { colorScheme: 'light' }, async ({ page }) => {
  await owner(page);
  await openMessage(page, 'Spring count');
  await text(page).getByText('forty dunlins').waitFor();
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await eventually(async () => (await ground()) !== light, 'a dark ground');
  const dark = await ground();
  await page.reload();
  await heading(page, 'Spring count').waitFor();
  assert.equal(await ground(), dark);
  await openMessage(page, 'Plain words');
  await text(page).getByText('Hello.').waitFor();
  assert.equal(await text(page).evaluate((body) => getComputedStyle(body.ownerDocument.documentElement).colorScheme), 'dark');
});

for (const [width, panes] of [[1920, 3], [1280, 3], [900, 2]]) {
  test(`at ${width} px one sees ${panes} panes, and nothing stands out`, { viewport: { width, height: 900 } }, async ({ page }) => {
    await owner(page);
    await openMessage(page, 'Spring count');
    await text(page).getByText('forty dunlins').waitFor();
    const seen = [page.getByRole('tree', { name: 'Folders' }), inbox(page), actions(page)];
    const visible = await Promise.all(seen.map((one) => one.isVisible()));
    assert.equal(visible.filter(Boolean).length, panes);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} px too wide`);
    await shot(page, `width-${width}`);
  });
}

test('parts carry the roles and names they are known by', async ({ page }) => {
  await owner(page);
  await openMessage(page, 'Spring count');
  await page.getByRole('navigation', { name: 'Mailboxes' }).getByRole('tree', { name: 'Folders' }).waitFor();
  assert.equal(await folder(page, 'Inbox').getAttribute('aria-current'), 'page');
  assert.equal(await folder(page, 'Inbox').getAttribute('aria-level'), '1');
  for (const name of ['Reply', 'Reply all', 'Forward', 'Archive', 'Delete', 'Junk', 'Move', 'Mark as unread', 'Flag']) {
    assert.equal(await actions(page).getByRole('button', { name, exact: true }).count(), 1, name);
  }
  await page.getByRole('region', { name: 'Inbox', exact: true }).getByRole('grid', { name: 'Messages in Inbox' }).waitFor();
  await page.getByRole('search').getByRole('combobox', { name: 'Search mail' }).waitFor();
  const first = row(page, 'Spring count');
  assert.equal(await first.getAttribute('aria-rowindex'), '1');
  assert.equal(await first.getAttribute('aria-selected'), 'false');
  assert.equal(await first.getAttribute('aria-current'), 'true');
  await page.getByRole('article').getByRole('heading', { level: 1, name: 'Spring count' }).waitFor();
  const frame = page.locator('iframe[title="Message text"]');
  assert.doesNotMatch(await frame.getAttribute('sandbox'), /allow-scripts/);
  await page.getByRole('button', { name: 'Compose', exact: true }).click();
  for (const [role, name] of [['combobox', 'To'], ['textbox', 'Subject'], ['textbox', 'Message'], ['button', 'Send'], ['button', 'Attach files'], ['button', 'Discard draft']]) {
    await composer(page, 'New message').getByRole(role, { name, exact: true }).waitFor();
  }
});
