// When the session or the line ends: nothing that was written or done is lost, and nothing secret is kept.
import assert from 'node:assert/strict';

import { deliver, imap, letter, newPerson } from './desk.mjs';
import { eventually, password, row, signIn, signOut, test } from './kit.mjs';
import { act, composer, gone, heading, marked, news, openMessage, send, text, write } from './steps.mjs';

// The text of a message is refused to whoever is signed out, and a refusal may not stand in a frame.
const ended = { expected: [/Failed to load resource.*401/, /frame-ancestors 'none'/] };
const cut = { expected: [/ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK/] };
const words = (page) => composer(page).getByRole('textbox', { name: 'Message' });
const again = (page) => page.getByRole('dialog', { name: 'Sign in again' });

/** Waits until the page has asked the server nothing for a while. */
const quiet = (page) => eventually(() => page.evaluate(() => {
  const ends = performance.getEntriesByType('resource').map((entry) => entry.responseEnd);
  return performance.now() - Math.max(...ends) > 800;
}), 'a quiet page');

async function signInAgain(page, secret = password) {
  await again(page).getByLabel('Password').fill(secret);
  await again(page).getByRole('button', { name: 'Sign in' }).click();
}

test('a session that ends while one writes: the text stays, one signs in over it, and sends', ended, async ({ page, context }) => {
  const address = await signIn(page);
  await write(page, { to: address, subject: 'Interrupted', words: 'Every word of this.' });
  await context.clearCookies();
  await again(page).waitFor();
  assert.match(await again(page).innerText(), new RegExp(address));
  await signInAgain(page, 'not the password');
  await again(page).getByRole('alert').waitFor();
  await signInAgain(page);
  await again(page).waitFor({ state: 'detached' });
  assert.equal(await words(page).inputValue(), 'Every word of this.');
  await send(page);
  await row(page, 'Interrupted').waitFor();
});

test('Escape does not close the question for the password, however often', ended, async ({ page, context }) => {
  const address = await signIn(page);
  await write(page, { to: address, subject: 'No way out', words: 'Still here.' });
  await context.clearCookies();
  await again(page).waitFor();
  const isOver = () => again(page).evaluate((dialog) => dialog.matches(':modal'));
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('Escape');
  assert.ok(await isOver(), 'after Escape');
  // What Back on a phone does the second time.
  for (let time = 0; time < 2; time += 1) await again(page).evaluate((dialog) => dialog.close());
  await eventually(isOver, 'the dialog over the page again');
  await signInAgain(page);
  await again(page).waitFor({ state: 'detached' });
  assert.equal(await words(page).inputValue(), 'Still here.');
  await send(page);
  await row(page, 'No way out').waitFor();
});

test('cookies that vanish are noticed at the next step, and that step is done after signing in', ended, async ({ page, context }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Kept' }));
  await deliver(address, letter({ subject: 'Filed away' }));
  await signIn(page, address);
  await openMessage(page, 'Filed away');
  await marked(page, 'Filed away', '');
  await quiet(page);
  await context.clearCookies();
  await act(page, 'Archive');
  await again(page).waitFor();
  await signInAgain(page);
  await again(page).waitFor({ state: 'detached' });
  await eventually(async () => {
    const [status] = await imap(address, 'STATUS Archive (MESSAGES)');
    return /MESSAGES 1/.test(status.untagged.join());
  }, 'the message in Archive');
  await gone(page, 'Filed away');
  await heading(page, 'Kept').waitFor();
  await text(page).getByText('Hello.').waitFor();
});

test('a session that ends while one sends: the letter goes out after signing in, once', ended, async ({ page, context }) => {
  const address = await signIn(page);
  await write(page, { to: address, subject: 'On the brink', words: 'Once only.' });
  let ends = 0;
  await page.route('**/api/operations', async (route) => {
    const isSending = /"type":"send"/.test(route.request().postData());
    if (isSending && ends++ === 0) await context.clearCookies();
    await route.continue();
  });
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click();
  await again(page).waitFor();
  await signInAgain(page);
  await again(page).waitFor({ state: 'detached' });
  const arrived = async () => {
    const [status] = await imap(address, 'STATUS INBOX (MESSAGES)');
    return Number(/MESSAGES (\d+)/.exec(status.untagged.join())[1]);
  };
  await eventually(async () => (await arrived()) === 1, 'the letter');
  await row(page, 'On the brink').waitFor();
  assert.equal(await arrived(), 1);
});

test('without a line one goes on reading and doing; back on it, all is sent and news come', cut, async ({ page, context }) => {
  const address = await newPerson();
  for (const subject of ['First', 'Second', 'Third']) await deliver(address, letter({ subject }));
  await signIn(page, address);
  await openMessage(page, 'First');
  await text(page).getByText('Hello.').waitFor();
  await context.setOffline(true);
  await act(page, 'Flag');
  await marked(page, 'First', 'Flagged');
  await act(page, 'Archive');
  await gone(page, 'First');
  await page.getByText(/You are offline\.|The mail server does not answer\./).first().waitFor({ timeout: 30_000 });
  // The message that came in its place counts as read, too, if its text had been fetched ahead.
  await page.getByText(/[23] changes/).first().waitFor();
  await deliver(address, letter({ subject: 'Meanwhile' }));
  await context.setOffline(false);
  await row(page, 'Meanwhile').waitFor({ timeout: 40_000 });
  await page.getByText('You are offline.').waitFor({ state: 'detached' });
  await heading(page, 'Second').waitFor();
  await text(page).getByText('Hello.').waitFor();
  await eventually(async () => {
    const [, , flags] = await imap(address, 'STATUS Archive (MESSAGES)', 'SELECT Archive', 'FETCH 1:* FLAGS');
    return /\\Flagged/.test(flags.untagged.join());
  }, 'the flagged message in Archive');
  await page.getByRole('status').filter({ hasText: 'Up to date' }).waitFor();
});

test('a letter sent without a line waits, and goes when it is back', cut, async ({ page, context }) => {
  const address = await signIn(page);
  await write(page, { to: address, subject: 'Patience', words: 'No hurry.' });
  await context.setOffline(true);
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText(/You are offline\.|The mail server does not answer\./).first().waitFor({ timeout: 30_000 });
  await context.setOffline(false);
  await row(page, 'Patience').waitFor({ timeout: 40_000 });
  await news(page, 'Message sent').waitFor();
});

test('the password is in no storage of the browser', async ({ page, context }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Nothing to hide' }));
  await signIn(page, address);
  await openMessage(page, 'Nothing to hide');
  await page.reload();
  await heading(page, 'Nothing to hide').waitFor();
  const kept = await page.evaluate(async () => {
    const all = { local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie, state: history.state };
    all.caches = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) all.caches.push(request.url);
    }
    all.databases = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((done) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => done(opening.result);
        opening.onerror = () => done(null);
      });
      for (const store of database?.objectStoreNames ?? []) {
        const rows = await new Promise((done) => {
          const asking = database.transaction(store).objectStore(store).getAll();
          asking.onsuccess = () => done(asking.result);
        });
        all.databases.push(JSON.stringify(rows));
      }
    }
    return JSON.stringify(all) + document.documentElement.outerHTML;
  });
  const cookies = JSON.stringify(await context.cookies());
  for (const canary of [password, btoa(password), encodeURIComponent(password), password.replaceAll(' ', '+')]) {
    assert.ok(!kept.includes(canary), 'in the page or its storage');
    assert.ok(!cookies.includes(canary), 'in a cookie');
  }
  for (const cookie of (await context.cookies()).filter((cookie) => /session/i.test(cookie.name))) {
    assert.ok(cookie.httpOnly && cookie.sameSite !== 'None', cookie.name);
  }
});

test('signing out leaves nothing behind, and Back shows no mail', ended, async ({ page }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Private matter' }));
  await signIn(page, address);
  await openMessage(page, 'Private matter');
  await signOut(page);
  await page.goBack();
  await page.getByLabel('Password').waitFor();
  assert.equal(await page.getByText('Private matter').count(), 0, 'no mail after Back');
});
