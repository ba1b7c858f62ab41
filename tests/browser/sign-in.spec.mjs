// Signing in and out, as people do it.
import assert from 'node:assert/strict';

import { newPerson } from './desk.mjs';
import { eventually, expectAccessible, inbox, password, shot, signIn, signOut, test, trySignIn, url } from './kit.mjs';

for (const colorScheme of ['light', 'dark']) {
  test(`the sign-in page is accessible in ${colorScheme}`, { colorScheme }, async ({ page }) => {
    await page.goto(url);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await expectAccessible(page);
    await shot(page, `sign-in-${colorScheme}`);
  });
}

const refused = { expected: [/Failed to load resource.*40[13]/] };

test('the sign-in page is small and works without scripts', { ...refused, javaScriptEnabled: false }, async ({ page }) => {
  const response = await page.goto(url);
  const sizes = await response.request().sizes();
  assert.ok(sizes.responseBodySize <= 15_360, `${sizes.responseBodySize} bytes`);
  await trySignIn(page, await newPerson(), 'not the password');
  await page.getByRole('alert').waitFor();
});

test('a wrong password is said to be wrong, and the address stays', refused, async ({ page }) => {
  const address = await newPerson();
  await page.goto(url);
  await trySignIn(page, address, 'not the password');
  const words = await page.getByRole('alert').innerText();
  assert.match(words, /password/i);
  assert.equal(await page.getByRole('textbox', { name: 'Mail address' }).inputValue(), address);
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  await expectAccessible(page);
  await trySignIn(page, address, password);
  await inbox(page).waitFor();
});

test('one lands in the app, and a new visit goes straight there', async ({ page, newPage }) => {
  await signIn(page);
  assert.match(page.url(), /\/mail/);
  const again = await newPage();
  await again.goto(url);
  await inbox(again).waitFor();
  await page.reload();
  await inbox(page).waitFor();
});

test('signing out ends the session in every tab', refused, async ({ page, newPage }) => {
  await signIn(page);
  const other = await newPage();
  await other.goto(url);
  await other.getByRole('status').filter({ hasText: 'Up to date' }).waitFor();
  await signOut(page);
  await page.goto(url);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await other.waitForURL(/\/sign-in/, { timeout: 2_000 });
  assert.equal(await inbox(other).count(), 0, 'no mail in the other tab');
});

test('on a shared computer nothing is kept', async ({ page, context }) => {
  await signIn(page, undefined, { shared: true });
  for (const cookie of await context.cookies()) {
    assert.equal(cookie.expires, -1, `${cookie.name} outlives the browser`);
  }
  const kept = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return { databases: databases.map((d) => d.name), caches: await caches.keys() };
  });
  assert.deepEqual(kept, { databases: [], caches: [] });
});
