// A walk through the app in Firefox: sign in, list, read, reply, sign out. Chromium has the whole suite.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { deliver, imap, letter, newPerson } from './desk.mjs';
import { startFirefox } from './firefox.mjs';

const program = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));
const { WHIMBREL_URL: url, WHIMBREL_PASSWORD: password } = process.env;

async function eventually(isTrue, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) if (await isTrue()) return;
  assert.fail('never came true');
}

const named = (name) => `[...document.querySelectorAll('button')].find((b) => (b.ariaLabel || b.textContent.trim()) === '${name}')`;

test('Firefox signs in, lists, reads, replies and signs out', async () => {
  assert.ok(program, 'firefox-esr is installed by `make test`');
  const address = await newPerson();
  const friend = await newPerson();
  await deliver(address, letter({ subject: 'Seen from Firefox', from: `Friend <${friend}>`, text: 'The text of it.' }));
  const firefox = await startFirefox(program);
  try {
    const type = (field, text) =>
      firefox.run(`{ const field = ${field}; field.focus(); field.value = ${JSON.stringify(text)};
        field.dispatchEvent(new Event('input', { bubbles: true })); }`);
    await firefox.open(url);
    await firefox.until(`document.querySelector('[type=password]')`);
    await type(`document.querySelector('form input:not([type=hidden])')`, address);
    await type(`document.querySelector('[type=password]')`, password);
    await firefox.run(`document.querySelector('form [type=submit], form button').click()`);

    const row = `[...document.querySelectorAll('[role=grid] [role=row]')].find((row) => row.textContent.includes('Seen from Firefox'))`;
    await firefox.until(row);
    await firefox.run(`${row}.click()`);
    await firefox.until(`document.querySelector('article h1')?.textContent.includes('Seen from Firefox')`);
    await firefox.until(`document.querySelector('iframe[title="Message text"]')?.contentDocument?.body?.textContent.includes('The text of it.')`);

    await firefox.run(`${named('Reply')}.click()`);
    const text = `[...document.querySelectorAll('textarea')].find((field) => field.value.includes('> The text of it.'))`;
    await firefox.until(text);
    await type(text, 'An answer from Firefox.');
    await firefox.run(`${named('Send')}.click()`);
    await eventually(async () => {
      const [, found] = await imap(friend, 'SELECT INBOX', 'SEARCH SUBJECT "Re: Seen from Firefox"');
      return /SEARCH \d/.test(JSON.stringify(found));
    });
    const [, marked] = await imap(address, 'SELECT INBOX', 'SEARCH ANSWERED');
    assert.match(JSON.stringify(marked), /SEARCH \d/);

    await firefox.run(`document.querySelector('button[aria-label^="Account"], .account').click()`);
    await firefox.until(`[...document.querySelectorAll('[role=menuitem]')].some((item) => item.textContent.includes('Sign out'))`);
    await firefox.run(`[...document.querySelectorAll('[role=menuitem]')].find((item) => item.textContent.includes('Sign out')).click()`);
    await firefox.until(`document.querySelector('[type=password]')`);
  } finally {
    await firefox.close();
  }
});
