// Several tabs of one person: one of them listens to the server, the others hear the news from it.
import assert from 'node:assert/strict';

import { append, deliver, imap, letter, newPerson } from './desk.mjs';
import { eventually, inbox, row, signIn, test } from './kit.mjs';
import { act, folder, gone, heading, marked, marks, measured, openFolder, openMessage, p95, within } from './steps.mjs';

const upToDate = (page) => page.getByRole('status').filter({ hasText: 'Up to date' }).waitFor();

/** Three tabs of somebody, the first of which leads; and the tabs that asked for an event stream so far. */
async function threeTabs(page, context, newPage) {
  const streams = new Map();
  context.on('request', (request) => {
    if (!request.url().includes('/api/events')) return;
    const tab = request.frame().page();
    streams.set(tab, (streams.get(tab) ?? 0) + 1);
  });
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Before' }));
  await signIn(page, address);
  await upToDate(page);
  const tabs = [page];
  for (let n = 0; n < 2; n += 1) {
    const tab = await newPage();
    await tab.goto(page.url());
    await row(tab, 'Before').waitFor();
    await upToDate(tab);
    tabs.push(tab);
  }
  return { address, tabs, streams };
}

test('three tabs have one event stream, and all show what comes to any folder that is open', async ({ page, context, newPage }) => {
  const { address, tabs, streams } = await threeTabs(page, context, newPage);
  const [, second, third] = tabs;
  await openFolder(third, 'Archive');
  await third.waitForTimeout(1500); // until the leader listens to that folder, too
  await deliver(address, letter({ subject: 'For the inbox' }));
  await row(page, 'For the inbox').waitFor();
  await row(second, 'For the inbox').waitFor();
  await append(address, 'Archive', letter({ subject: 'For the archive' }));
  within(await measured('news of the folder of a tab that follows', () => row(third, 'For the archive').waitFor()), 4000, 'news');
  assert.deepEqual([...streams.keys()], [page], 'only the first tab listens to the server');
});

test('a change made in one tab shows in the others at once', async ({ page, context, newPage }) => {
  const { tabs } = await threeTabs(page, context, newPage);
  const [, second, third] = tabs;
  await openMessage(second, 'Before');
  await act(second, 'Flag');
  await measured('a flag in the other tabs', async () => {
    await marked(page, 'Before', 'Flagged', 1000);
    await marked(third, 'Before', 'Flagged', 1000);
  });
  await act(second, 'Archive');
  await measured('a move in the other tabs', () => Promise.all([gone(page, 'Before'), gone(third, 'Before')]));
});

test('two tabs, another device and another program mark one letter at once, and all end up alike', { timeout: 120_000 }, async ({ page, context, newPage, stranger }) => {
  const { address, tabs } = await threeTabs(page, context, newPage);
  const device = await stranger();
  await signIn(device, address);
  await upToDate(device);
  const everybody = [page, tabs[1], device];
  for (const one of everybody) await openMessage(one, 'Before');
  for (const sign of ['+', '-', '+', '-', '+']) {
    await Promise.all([
      ...everybody.map((one) => act(one, 'Flag')),
      imap(address, 'SELECT INBOX', `STORE 1 ${sign}FLAGS (\\Flagged \\Answered)`),
    ]);
  }
  const agreed = async () => {
    const [, { untagged }] = await imap(address, 'SELECT INBOX', 'FETCH 1 FLAGS');
    const flags = untagged.join(' ');
    const has = (flag) => flags.includes(flag);
    const truth = [!has('\\Seen') && 'unread', has('\\Flagged') && 'flagged', has('\\Answered') && 'answered'];
    const wanted = truth.filter(Boolean).join(', ');
    const shown = await Promise.all(everybody.map((one) => marks(one, 'Before')));
    return shown.every((words) => words.trim().toLowerCase() === wanted);
  };
  within(await measured('all alike', () => eventually(agreed, 'all four alike', 15_000)), 10_000, 'all alike');
  await page.waitForTimeout(3000);
  assert.ok(await agreed(), 'and nobody takes anything back');
});

test('the tab that leads is closed while mail comes, twice, and nothing is missed', { timeout: 120_000 }, async ({ page, context, newPage }) => {
  const { address, tabs, streams } = await threeTabs(page, context, newPage);
  const took = [];
  for (let n = 1; n <= 12; n += 1) {
    const closing = n === 4 || n === 8 ? tabs.shift().close() : undefined;
    await deliver(address, letter({ subject: `Number ${n}.` }));
    await closing;
    took.push(await measured(`letter ${n} in ${tabs.length} tabs`, () =>
      Promise.all(tabs.map((tab) => row(tab, `Number ${n}.`).waitFor()))));
  }
  assert.equal(await inbox(tabs[0]).getAttribute('aria-rowcount'), '13');
  assert.ok(streams.get(tabs[0]) > 0, 'the last tab listens itself');
  p95('with the leading tab closed twice meanwhile', took);
  within(Math.max(...took), 4000, 'the slowest letter');
});

test('a tab whose leader hangs listens itself', async ({ page, context, newPage }) => {
  const { address, tabs, streams } = await threeTabs(page, context, newPage);
  const [, second] = tabs;
  const hanging = page.evaluate(() => { for (const end = Date.now() + 12_000; Date.now() < end;); });
  await openFolder(second, 'Archive');
  await eventually(() => streams.has(second), 'the second tab listening', 8000);
  await append(address, 'Archive', letter({ subject: 'Not lost' }));
  await row(second, 'Not lost').waitFor();
  await hanging;
  await folder(page, 'Archive').getByText('1 unread').waitFor();
});

test('signing out in one tab takes all tabs out', { expected: [/Failed to load resource.*401/] }, async ({ page, context, newPage }) => {
  const { tabs } = await threeTabs(page, context, newPage);
  const [, , third] = tabs;
  await third.getByRole('button', { name: /^Account:/ }).click();
  await third.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of tabs) await tab.getByRole('button', { name: 'Sign in' }).waitFor();
  assert.equal(await heading(page, 'Before').count(), 0);
});
