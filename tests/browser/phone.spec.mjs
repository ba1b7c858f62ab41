// On a phone: one pane at a time, a drawer for the folders, fingers instead of a mouse.
import assert from 'node:assert/strict';

import { deliver, letter, newPerson } from './desk.mjs';
import { eventually, expectAccessible, inbox, list, row, shot, signIn, test } from './kit.mjs';
import { actions, composer, fill, folder, gone, heading, marked, news, text, undo } from './steps.mjs';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** Somebody signed in on a phone, with letters of these subjects. */
async function owner(page, ...subjects) {
  const address = await newPerson();
  for (const subject of subjects) await deliver(address, letter({ subject }));
  await signIn(page, address);
  return address;
}

/** Nothing may stand out of the window sideways. */
async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} px too wide`);
}

const visible = (locator) => locator.isVisible();

test('one sees one pane at a time, and Back leads through them', phone, async ({ page }) => {
  await owner(page, 'First', 'Second');
  const reader = page.getByRole('region', { name: 'Message', exact: true });
  assert.ok(!(await visible(reader)), 'no reading pane beside the list');
  assert.ok(!(await visible(page.getByRole('tree', { name: 'Folders' }))), 'no folders beside the list');
  await fits(page);
  await shot(page, 'phone-list');
  await row(page, 'First').tap();
  await heading(page, 'First').waitFor();
  await text(page).getByText('Hello.').waitFor();
  assert.ok(!(await visible(inbox(page))), 'no list beside the message');
  await fits(page);
  await shot(page, 'phone-message');
  await actions(page).getByRole('button', { name: 'Back to Inbox' }).tap();
  await inbox(page).waitFor();
  await row(page, 'Second').tap();
  await heading(page, 'Second').waitFor();
  await page.goBack();
  await inbox(page).waitFor();
});

test('folders come in a drawer and go when one is chosen', phone, async ({ page }) => {
  await owner(page, 'First');
  await page.getByRole('button', { name: 'Show folders' }).tap();
  await folder(page, 'Archive').waitFor();
  await fits(page);
  await expectAccessible(page);
  await shot(page, 'phone-folders');
  await folder(page, 'Archive').tap();
  await list(page, 'Archive').waitFor();
  await folder(page, 'Archive').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Show folders' }).tap();
  await folder(page, 'Inbox').waitFor();
  await page.keyboard.press('Escape');
  await folder(page, 'Inbox').waitFor({ state: 'hidden' });
});

test('everything can be done by finger', phone, async ({ page }) => {
  await owner(page, 'One', 'Two', 'Three');
  await row(page, 'Three').tap();
  await heading(page, 'Three').waitFor();
  await actions(page).getByRole('button', { name: 'Flag' }).tap();
  await actions(page).getByRole('button', { name: 'Archive', exact: true }).tap();
  await inbox(page).waitFor();
  await gone(page, 'Three');
  await undo(page, '1 message moved to Archive');
  await row(page, 'Three').waitFor();
  await marked(page, 'Three', 'Flagged');
  await row(page, 'Two').tap();
  await actions(page).getByRole('button', { name: 'More' }).tap();
  await page.getByRole('menuitem', { name: 'Move' }).tap();
  await page.getByRole('dialog', { name: 'Move to' }).getByRole('menuitem', { name: 'Junk' }).tap();
  await gone(page, 'Two');
  await row(page, 'One').getByRole('checkbox', { name: 'Select message' }).tap();
  await news(page, '1 selected').waitFor();
  await fits(page);
  await shot(page, 'phone-selection');
  await page.getByRole('toolbar', { name: 'Selected messages' }).getByRole('button', { name: 'Delete' }).tap();
  await gone(page, 'One');
});

test('one writes and answers on the whole screen', phone, async ({ page }) => {
  const address = await owner(page, 'Question');
  await row(page, 'Question').tap();
  await heading(page, 'Question').waitFor();
  await page.getByRole('toolbar', { name: 'Answer' }).getByRole('button', { name: 'Reply', exact: true }).tap();
  await composer(page).waitFor();
  const box = await composer(page).boundingBox();
  assert.ok(box.width >= 389 && box.height >= 700, `the composer is ${box.width} × ${box.height}`);
  await fits(page);
  await shot(page, 'phone-composer');
  await expectAccessible(page);
  await composer(page).getByRole('button', { name: 'Close, keep the draft' }).tap();
  await composer(page).waitFor({ state: 'hidden' });
  await page.goBack();
  await page.getByRole('button', { name: 'Compose' }).tap();
  await fill(page, { to: address, subject: 'From the road', words: 'Short.' });
  await composer(page).getByRole('button', { name: 'Send', exact: true }).tap();
  await news(page, 'Message sent').waitFor();
  await row(page, 'From the road').waitFor();
});

test('what fingers press is large enough', phone, async ({ page }) => {
  await owner(page, 'Large enough');
  await row(page, 'Large enough').tap();
  await heading(page, 'Large enough').waitFor();
  const small = await page.evaluate(() => [...document.querySelectorAll('button, a[href], [role=treeitem]')]
    .map((one) => ({ one, name: one.ariaLabel ?? one.innerText.trim(), box: one.getBoundingClientRect() }))
    .filter(({ one, box }) => one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)))
    .filter(({ box }) => Math.min(box.width, box.height) < 44)
    .map(({ name, box }) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`));
  assert.deepEqual(small, []);
  await page.goBack();
  await eventually(() => visible(inbox(page)), 'the list');
});
