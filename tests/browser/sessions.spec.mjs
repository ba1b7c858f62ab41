// Where one is signed in, on a page without scripts, and signing out everywhere else.
import assert from 'node:assert/strict';

import { expectAccessible, inbox, shot, signIn, test, url } from './kit.mjs';

test('one sees where one is signed in, and signs out everywhere else', { expected: [/Failed to load resource.*401/] }, async ({ page, stranger }) => {
  const address = await signIn(page);
  const other = await stranger();
  await signIn(other, address, { shared: true });
  await page.goto(`${url}/settings/sessions`);
  const places = page.getByRole('listitem');
  assert.equal(await places.count(), 2);
  await places.filter({ hasText: 'Chrome on Linux (here)' }).waitFor();
  await places.filter({ hasText: 'On a shared computer.' }).waitFor();
  await shot(page, 'sessions');
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await page.getByRole('status').getByText('You are signed out everywhere else.').waitFor();
  assert.equal(await places.count(), 1);
  assert.equal(await page.getByRole('button').count(), 0);
  await other.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.getByRole('link', { name: 'To your mail' }).click();
  await page.getByRole('grid', { name: 'Messages in Inbox' }).waitFor();
});

test('the page is accessible', { bypassCSP: true }, async ({ page }) => {
  await signIn(page);
  await page.goto(`${url}/settings/sessions`);
  await expectAccessible(page);
});

test('the menu of the account and the settings lead to where one is signed in', async ({ page }) => {
  await signIn(page);
  const places = page.getByRole('heading', { name: 'Where you are signed in' });
  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('menuitem', { name: 'Where you are signed in' }).click();
  await places.waitFor();
  await page.getByRole('link', { name: 'To your mail' }).click();
  await inbox(page).waitFor();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('link', { name: 'Where you are signed in' }).click();
  await places.waitFor();
});
