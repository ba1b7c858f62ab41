// Without a mouse: every key of the list, the way Tab and F6 go, and that the focus is never lost.
import assert from 'node:assert/strict';

import { deliver, imap, letter, newPerson } from './desk.mjs';
import { eventually, inbox, list, row, signIn, test } from './kit.mjs';
import { composer, folder, gone, heading, marked, news, text } from './steps.mjs';

/** Somebody signed in, with letters of these subjects; the last is the newest, and on top. */
async function typist(page, ...subjects) {
  const address = await newPerson();
  for (const subject of subjects) await deliver(address, letter({ subject }));
  await signIn(page, address);
  await row(page, subjects.at(-1)).waitFor();
  return address;
}

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const focused = (page) => page.evaluate(() => {
  const one = document.activeElement;
  return [one?.getAttribute('role') ?? one?.tagName.toLowerCase(), one?.ariaLabel ?? one?.innerText?.trim() ?? ''].join(': ');
});
const isOn = (page, wanted) => eventually(async () => wanted.test(await focused(page)), `the focus on ${wanted}`)
  .catch(async (error) => assert.fail(`${error.message}; it is on “${await focused(page)}”`));

test('a day of mail by keys alone', async ({ page }) => {
  const address = await typist(page, 'Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday');
  await press(page, 'j');
  await isOn(page, /row: [\s\S]*Thursday/);
  await press(page, 'j');
  await isOn(page, /row: [\s\S]*Wednesday/);
  await press(page, 'k', 'o');
  await heading(page, 'Thursday').waitFor();
  await text(page).getByText('Hello.').waitFor();
  await press(page, 'j');
  await heading(page, 'Wednesday').waitFor();
  await marked(page, 'Wednesday', '');
  await press(page, 'u');
  await marked(page, 'Wednesday', 'Unread');
  await press(page, 's');
  await marked(page, 'Wednesday', 'Unread, flagged');
  await press(page, 'e');
  await gone(page, 'Wednesday');
  await heading(page, 'Tuesday').waitFor();
  await marked(page, 'Tuesday', '');
  await text(page).getByText('Hello.').waitFor();
  await press(page, '#');
  await gone(page, 'Tuesday');
  await heading(page, 'Monday').waitFor();
  await text(page).getByText('Hello.').waitFor();
  await press(page, 'z');
  await row(page, 'Tuesday').waitFor();
  await press(page, 'Escape');
  await page.getByText('No message open').waitFor();
  await press(page, 'x', 'j', 'x');
  await news(page, '2 selected').waitFor();
  await press(page, '!');
  await eventually(async () => {
    const [status] = await imap(address, 'STATUS Junk (MESSAGES)');
    return /MESSAGES 2/.test(status.untagged.join());
  }, 'two in Junk');
});

test('answers are written and sent by keys alone', async ({ page }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'By key', from: `Myself <${address}>` }));
  await signIn(page, address);
  await row(page, 'By key').waitFor();
  await press(page, 'j', 'Enter');
  await heading(page, 'By key').waitFor();
  await text(page).getByText('Hello.').waitFor();
  for (const [key, name] of [['a', /^Re: By key/], ['f', /^Fwd?: By key/]]) {
    await press(page, key);
    await composer(page, name).waitFor();
    await isOn(page, /^(combobox|textarea)/);
    await press(page, 'Escape');
    await composer(page, name).waitFor({ state: 'hidden' });
  }
  await press(page, 'c');
  await composer(page, 'New message').waitFor();
  await isOn(page, /combobox/);
  await page.keyboard.type(`${address},`);
  await press(page, 'Tab');
  for (let n = 0; n < 6 && !/^input|textbox/.test(await focused(page)); n += 1) await press(page, 'Tab');
  await page.keyboard.type('Keys only');
  await press(page, 'Tab');
  await isOn(page, /textarea: Message/);
  await page.keyboard.type('All j and k here, e and #, are letters.');
  await press(page, 'Control+Enter');
  await news(page, 'Message sent').waitFor();
  await row(page, 'Keys only').waitFor();
});

test('search, help, and the way back to the inbox', async ({ page }) => {
  await typist(page, 'Needle', 'Hay');
  await press(page, '/');
  await isOn(page, /combobox: Search mail/);
  await page.keyboard.type('needle');
  await press(page, 'Enter');
  await gone(page, 'Hay');
  await press(page, 'Escape');
  await row(page, 'Hay').waitFor();
  await inbox(page).getByRole('row').first().focus();
  await press(page, '?');
  const help = page.getByRole('dialog', { name: /keyboard/i });
  await help.waitFor();
  await press(page, 'Escape');
  await help.waitFor({ state: 'detached' });
  await isOn(page, /^row/);
  await folder(page, 'Sent').focus();
  await press(page, 'Enter');
  await list(page, 'Sent').waitFor();
  await press(page, 'g', 'i');
  await inbox(page).waitFor();
});

test('letters typed into a field are text, not commands', async ({ page }) => {
  await typist(page, 'Untouched');
  await press(page, '/');
  await page.keyboard.type('e#!uvsrafcxjk?');
  await row(page, 'Untouched').waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'Search mail' }).inputValue(), 'e#!uvsrafcxjk?');
  await marked(page, 'Untouched', 'Unread');
});

test('F6 goes round the panes, and back with Shift', async ({ page }) => {
  await typist(page, 'Round');
  await press(page, 'j', 'Enter');
  await heading(page, 'Round').waitFor();
  const pane = () => page.evaluate(() => {
    const one = document.activeElement;
    if (one.closest('[role=tree]')) return 'folders';
    if (one.closest('[role=grid]')) return 'list';
    return one.closest('section[aria-label=Message]') ? 'message' : one.outerHTML.slice(0, 80);
  });
  const seen = [];
  for (let n = 0; n < 6; n += 1) {
    await press(page, 'F6');
    seen.push(await pane());
  }
  assert.deepEqual([...new Set(seen)].toSorted(), ['folders', 'list', 'message']);
  assert.deepEqual(seen.slice(0, 3), seen.slice(3));
  await press(page, 'Shift+F6');
  assert.equal(await pane(), seen[1]);
});

test('Tab meets each pane once, in the order they are seen, and never gets lost', async ({ page }) => {
  await typist(page, 'Tab through', 'Another');
  await page.evaluate(() => document.activeElement?.blur());
  const stops = [];
  for (let n = 0; n < 24; n += 1) {
    await press(page, 'Tab');
    stops.push(await focused(page));
    if (stops.at(-1).startsWith('body')) break;
  }
  const at = (pattern) => stops.findIndex((stop) => pattern.test(stop));
  assert.ok(at(/Account:/) >= 0, stops.join(' | '));
  const order = [/Account:/, /Compose/, /^treeitem/, /Search mail/, /Select all/, /^row/].map(at);
  assert.ok(order.every((place) => place >= 0), `${order}: ${stops.join(' | ')}`);
  assert.deepEqual(order, order.toSorted((a, b) => a - b), stops.join(' | '));
  assert.equal(stops.filter((stop) => stop.startsWith('row')).length, 1, 'the grid is one stop');
  assert.equal(stops.filter((stop) => stop.startsWith('treeitem')).length, 1, 'the tree is one stop');
});

test('arrows walk in the grid, the tree and the toolbar', async ({ page }) => {
  await typist(page, 'Low', 'Middle', 'High');
  await row(page, 'High').focus();
  await press(page, 'ArrowDown');
  await isOn(page, /row: [\s\S]*Middle/);
  await press(page, 'End');
  await isOn(page, /row: [\s\S]*Low/);
  await press(page, 'Home', 'Shift+ArrowDown');
  await news(page, '2 selected').waitFor();
  await press(page, 'Control+a');
  await news(page, '3 selected').waitFor();
  await press(page, 'Escape', 'Enter');
  await heading(page, 'Middle').waitFor();
  await folder(page, 'Inbox').focus();
  await press(page, 'ArrowDown', 'ArrowDown');
  await isOn(page, /treeitem: Sent/);
  await press(page, 'Home');
  await isOn(page, /treeitem: Inbox/);
  await page.getByRole('toolbar', { name: 'Message actions' }).getByRole('button', { name: 'Reply', exact: true }).focus();
  await press(page, 'ArrowRight');
  await isOn(page, /button: Reply all/);
});

test('after a row leaves, a dialog closes or a composer goes, the focus is where one works', async ({ page }) => {
  await typist(page, 'One', 'Two', 'Three');
  await press(page, 'j', 'e');
  await gone(page, 'Three');
  await isOn(page, /row: [\s\S]*Two/);
  await press(page, 'v');
  await page.getByRole('dialog', { name: 'Move to' }).waitFor();
  await isOn(page, /Find a folder/);
  await press(page, 'Escape');
  await isOn(page, /row: [\s\S]*Two/);
  await press(page, 'c');
  await composer(page).waitFor();
  await isOn(page, /combobox/);
  await press(page, 'Escape');
  await composer(page).waitFor({ state: 'hidden' });
  await isOn(page, /row: [\s\S]*Two/);
});

test('the menus of folders and account open and close by keys', async ({ page }) => {
  const address = await typist(page, 'Only');
  await page.getByRole('button', { name: `Account: ${address.split('@')[0]}, ${address}`, exact: true }).focus();
  await press(page, 'Enter');
  await isOn(page, /^menuitem: Appearance/);
  await press(page, 'ArrowDown');
  await isOn(page, /^menuitem: Settings/);
  await press(page, 'ArrowDown');
  await isOn(page, /^menuitem: Keyboard shortcuts/);
  await press(page, 'Escape');
  await isOn(page, /Account:/);
  await folder(page, 'Inbox').focus();
  await press(page, 'Shift+F10');
  await isOn(page, /^menuitem/);
  await press(page, 'Escape');
  await isOn(page, /^treeitem: Inbox/);
});
