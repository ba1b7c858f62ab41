// The settings, and the page in them that says what the mail server can do.
import assert from 'node:assert/strict';

import { deliver, letter, newPerson } from './desk.mjs';
import { eventually, expectAccessible, inbox, poorerUrl, row, shot, signIn, test } from './kit.mjs';
import { folder, heading, openFolder, openMessage } from './steps.mjs';

const title = (page) => page.getByRole('heading', { level: 1, name: 'What your mail server can do' });
const section = (page, name) => page.getByRole('heading', { level: 2, name });
/** The lines from one heading to the next. */
const under = (page, name) => page.evaluate((name) => {
  let line = [...document.querySelectorAll('main h2')].find((one) => one.textContent === name);
  const lines = [];
  while ((line = line?.nextElementSibling) && line.tagName !== 'H2') lines.push(line.innerText.replace(/\n+/g, ': '));
  return lines;
}, name);
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function openSettings(page) {
  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await title(page).waitFor();
  assert.equal(await page.getByRole('menu').count(), 0, 'the menu is closed');
}

for (const colorScheme of ['light', 'dark']) {
  test(`a poorer mail server is told of in plain words, in ${colorScheme}`, { colorScheme }, async ({ page }) => {
    await signIn(page, undefined, { at: poorerUrl });
    await openSettings(page);
    await section(page, 'All there').waitFor();
    const [notify, moving, ...more] = await under(page, 'Slower or missing');
    assert.equal(notify, 'New mail in other folders (NOTIFY): Your mail server cannot tell Whimbrel about new mail in other folders at once. Whimbrel looks every 10 seconds instead.');
    assert.match(moving, /^Moving messages \(MOVE\): Your mail server cannot move messages in one step\. Whimbrel copies them/);
    assert.deepEqual(more, []);
    const [off] = await under(page, 'Switched off by whoever runs Whimbrel');
    assert.match(off, /^First words \(PREVIEW\): Your mail server could tell how messages begin, but is not asked to\./);
    assert.match((await under(page, 'Connection'))[0], /^Program: Dovecot/);
    assert.equal((await under(page, 'All there'))[0], 'New mail in the open folder (IDLE): Your mail server can tell Whimbrel about new mail in the open folder at once.');
    await page.getByRole('status').filter({ hasText: 'Everything works; 2 things are slower or missing. One is switched off.' }).waitFor();
    assert.match(await page.title(), /^Settings · /);
    await expectAccessible(page);
    await shot(page, `settings-${colorScheme}`);
  });

  test(`the page fits a phone in ${colorScheme}, and Back leads to the mail`, { colorScheme, ...phone }, async ({ page }) => {
    await signIn(page, undefined, { at: poorerUrl });
    await page.getByRole('button', { name: 'Show folders' }).tap();
    await page.getByRole('button', { name: 'Settings' }).tap();
    await section(page, 'Slower or missing').waitFor();
    await expectAccessible(page);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} px too wide`);
    await shot(page, `settings-phone-${colorScheme}`);
    await page.getByRole('main').getByRole('button', { name: 'Back to mail' }).tap();
    await inbox(page).waitFor();
    await page.goBack();
    await title(page).waitFor();
  });
}

test('the address leads there, and the keys lead there and back to where one was', async ({ page }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Read before' }));
  await signIn(page, address);
  await openMessage(page, 'Read before');
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await title(page).waitFor();
  await eventually(() => page.evaluate(() => document.activeElement?.id === 'settings'), 'the focus on the page');
  await page.reload();
  await section(page, 'All there').waitFor();
  await page.goBack();
  await heading(page, 'Read before').waitFor();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await title(page).waitFor();
  await page.keyboard.press('Escape');
  await heading(page, 'Read before').waitFor();
  await openFolder(page, 'Sent');
  assert.equal(await folder(page, 'Sent').getAttribute('aria-current'), 'page');
});

test('a letter being written stays while one looks at the settings, and mail comes meanwhile', async ({ page }) => {
  const address = await signIn(page);
  await page.getByRole('button', { name: 'Compose' }).click();
  const text = page.getByRole('textbox', { name: 'Message' });
  await text.fill('Half a sentence');
  await openSettings(page);
  assert.equal(await text.inputValue(), 'Half a sentence');
  await deliver(address, letter({ subject: 'Came meanwhile' }));
  await page.getByRole('main').getByRole('button', { name: 'Back to mail' }).click();
  await row(page, 'Came meanwhile').waitFor();
});

test('a mail server that cannot be asked is said, and asked again', { expected: [/Failed to load resource.*502/] }, async ({ page }) => {
  await signIn(page);
  const refusal = { code: 'mail-server-down', message: 'The mail server does not answer.', remedy: 'Try again later.' };
  await page.route('**/api/mail-server', (route) => route.fulfill({ status: 502, json: refusal }), { times: 1 });
  await openSettings(page);
  const alert = page.getByRole('alert').filter({ hasText: 'The mail server does not answer.' });
  await alert.waitFor();
  await expectAccessible(page);
  await shot(page, 'settings-failed');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await section(page, 'All there').waitFor();
});
