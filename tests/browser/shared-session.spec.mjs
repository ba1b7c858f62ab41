// On a shared computer: what the browser keeps tells nothing, and a session that nobody uses ends in sight of all.
import assert from 'node:assert/strict';

import { deliver, letter, newPerson } from './desk.mjs';
import { eventually, expectAccessible, inbox, list, password, row, shot, signIn, signOut, test } from './kit.mjs';
import { heading, openFolder, openMessage } from './steps.mjs';

const ended = { expected: [/Failed to load resource.*401/] };
const countdown = (page) => page.getByRole('status').filter({ hasText: 'Signing out in' });
const again = (page) => page.getByRole('dialog', { name: 'Sign in again' });

async function search(page, words) {
  await page.getByRole('combobox', { name: 'Search mail' }).fill(words);
  await page.keyboard.press('Enter');
}

/** The server goes on, but says that the session ends in so many seconds, as if nobody had used it. */
async function hurry(page, seconds) {
  const asked = { polls: 0, uses: 0 };
  await page.route('**/api/session', async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const isPoll = route.request().headers()['x-whimbrel'] === 'background';
    asked[isPoll ? 'polls' : 'uses'] += 1;
    if (!isPoll) return route.fallback();
    const answer = await route.fetch();
    const left = seconds();
    if (left <= 0) {
      const over = { code: 'signed-out', message: 'You are signed out.', remedy: 'Sign in again.' };
      return route.fulfill({ status: 401, json: over });
    }
    return route.fulfill({ response: answer, json: { ...await answer.json(), endsIn: left } });
  });
  return asked;
}

/** Signs in on a shared computer, and waits until the page knows that. */
async function signInHere(page, address) {
  await signIn(page, address, { shared: true });
  await page.getByRole('button', { name: /^Account: .+@/ }).waitFor();
}

test('what is kept of addresses and titles tells nothing', async ({ page, context }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'About the heron' }));
  await deliver(address, letter({ subject: 'About the plover' }));
  const seen = { titles: new Set(), urls: [] };
  await page.exposeBinding('__title', (_, title) => seen.titles.add(title));
  await page.addInitScript(() => {
    if (window !== top) return;
    new MutationObserver(() => globalThis.__title(document.title))
      .observe(document, { subtree: true, childList: true, characterData: true });
    for (const way of ['pushState', 'replaceState']) {
      const real = history[way].bind(history);
      history[way] = (state, unused, url) => {
        globalThis.__title(`state ${JSON.stringify(state)}`);
        real(state, unused, url);
      };
    }
  });
  context.on('page', (other) => seen.urls.push(other.url()));
  page.on('framenavigated', (frame) => seen.urls.push(frame.url()));
  await signInHere(page, address);
  seen.titles.delete([...seen.titles].find((title) => title.startsWith('Sign in')));
  await search(page, 'heron');
  await row(page, 'About the heron').waitFor();
  await eventually(async () => await row(page, 'About the plover').count() === 0, 'what was found');
  await openMessage(page, 'About the heron');
  await openFolder(page, 'Sent');
  await page.goBack();
  await heading(page, 'About the heron').waitFor();
  await page.goBack();
  assert.equal(await page.getByRole('combobox', { name: 'Search mail' }).inputValue(), 'heron');
  await eventually(async () => await row(page, 'About the plover').count() === 0, 'the search again');
  await page.goBack();
  await row(page, 'About the plover').waitFor();
  await page.goForward();
  await page.reload();
  await row(page, 'About the plover').waitFor();

  assert.deepEqual([...seen.titles].filter((title) => !['Whimbrel', 'state null'].includes(title)), []);
  const [name] = address.split('@');
  assert.ok(seen.urls.length > 8, 'addresses were seen');
  for (const url of seen.urls) {
    const read = url.split(/[/?&=]/).map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    assert.ok(![url, ...read].some((text) => text.includes('heron') || text.includes(name)), url);
    assert.ok(!read.some((text) => /INBOX|Sent/.test(text)), `the name of a folder in ${url}`);
  }
});

test('nothing at all is stored, whatever was stored before', async ({ page }) => {
  const address = await signIn(page);
  await page.getByRole('button', { name: 'Dark theme' }).click();
  assert.ok(await page.evaluate(() => localStorage.length) > 0);
  await signOut(page);
  await page.evaluate(() => localStorage.setItem('theme', 'dark'));
  await signInHere(page, address);
  await page.getByRole('button', { name: /^(Dark|Light) theme$/ }).click();
  await deliver(address, letter({ subject: 'Just looking' }));
  await openMessage(page, 'Just looking');
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookies: document.cookie,
  }));
  assert.deepEqual(kept, { local: {}, session: {}, databases: [], caches: [], workers: 0, cookies: '' });
});

test('every answer with anything of the person in it is kept nowhere', async ({ page }) => {
  const answers = [];
  page.on('response', (answer) => answers.push(answer));
  const address = await newPerson();
  await deliver(address, letter({ subject: 'For these eyes' }));
  await signInHere(page, address);
  await openMessage(page, 'For these eyes');
  await page.goto(`${new URL(page.url()).origin}/settings/sessions`);
  const ours = /\/[a-z-]+-[0-9a-f]{10,16}(_bg)?\.[a-z]+$/;
  let looked = 0;
  for (const answer of answers) {
    const { pathname } = new URL(answer.url());
    if (!pathname.startsWith('/') || answer.url().startsWith('data:') || ours.test(pathname)) continue;
    looked += 1;
    assert.match((await answer.allHeaders())['cache-control'] ?? '', /no-store/, pathname);
  }
  assert.ok(looked > 8, `${looked} answers`);
});

test('a page that the browser kept whole is asked for anew', async ({ page }) => {
  await signInHere(page);
  const loaded = page.waitForEvent('load');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await loaded;
  await inbox(page).waitFor();
});

test('the last two minutes are counted down, and a key keeps the session', async ({ page }) => {
  let left = 600;
  const asked = await hurry(page, () => left);
  await page.clock.install();
  await signInHere(page);
  await page.clock.fastForward('07:30');
  assert.equal(await countdown(page).count(), 0);
  left = 118;
  await page.clock.fastForward('00:32');
  await countdown(page).getByText('Signing out in 2 minutes.').waitFor();
  await expectAccessible(page);
  await shot(page, 'signing-out-soon');
  left = 50;
  await page.clock.fastForward('01:05');
  await countdown(page).getByText('Signing out in a minute.').waitFor();
  const seconds = async () => Number(/(\d+) s/.exec(await countdown(page).innerText())[1]);
  const before = await seconds();
  await eventually(async () => await seconds() < before, 'a second less');
  left = 600;
  const { uses } = asked;
  await page.keyboard.press('Shift');
  await countdown(page).waitFor({ state: 'detached' });
  assert.equal(asked.uses, uses + 1, 'the server was told');
});

test('the button keeps it as well, and one that nobody presses lets the mail go', ended, async ({ page }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Not for the next one' }));
  let left = 600;
  await hurry(page, () => left);
  await page.clock.install();
  await signInHere(page, address);
  await row(page, 'Not for the next one').waitFor();
  left = 100;
  await page.clock.fastForward('08:10');
  await countdown(page).waitFor();
  left = 600;
  await countdown(page).getByRole('button', { name: 'Stay signed in' }).click();
  await countdown(page).waitFor({ state: 'detached' });
  left = 2;
  await page.clock.fastForward('10:10');
  left = 0;
  await again(page).waitFor();
  assert.equal(await page.getByText('Not for the next one').count(), 0);
  await page.unrouteAll();
  await again(page).getByLabel('Password').fill(password);
  await again(page).getByRole('button', { name: 'Sign in' }).click();
  await row(page, 'Not for the next one').waitFor();
});

test('without a line the mail goes as well when the time is over', { expected: [/ERR_INTERNET_DISCONNECTED|ERR_FAILED/] }, async ({ page, context }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Left alone' }));
  await page.clock.install();
  await signInHere(page, address);
  await row(page, 'Left alone').waitFor();
  await context.setOffline(true);
  await page.clock.fastForward('10:05');
  await again(page).waitFor();
  assert.equal(await page.getByText('Left alone').count(), 0);
});

test('a session of one\'s own is not counted down, and says where one is', async ({ page }) => {
  await page.clock.install();
  await signIn(page);
  await page.clock.fastForward('09:30');
  await page.clock.runFor(3_000);
  assert.equal(await countdown(page).count(), 0);
  await openFolder(page, 'Sent');
  await list(page, 'Sent').waitFor();
  assert.match(await page.title(), /^Sent · Whimbrel$/);
});
