// Writing: answers, forwards, files, hidden copies, and letters that the server does not take.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { deliver, imap, letter, newPerson } from './desk.mjs';
import { row, signIn, test } from './kit.mjs';
import { act, attach, composer, fill, marked, measured, news, openFolder, openMessage, send, text, write } from './steps.mjs';

const file = (name, size = 2000, mimeType = 'application/pdf') => ({ name, mimeType, buffer: Buffer.alloc(size, 'tern ') });
const recipients = (page, field) => composer(page).getByRole('list', { name: field, exact: true });
const words = (page) => composer(page).getByRole('textbox', { name: 'Message' });

/** Two people, each signed in in a browser of their own. */
async function two(page, browserPage) {
  return { ann: await signIn(page), page, bob: await signIn(browserPage), other: browserPage };
}

test('an answer with a file arrives in the other account by itself', async ({ page, stranger }) => {
  const { ann, bob, other } = await two(page, await stranger());
  await write(other, { to: ann, subject: 'Ferry', words: 'Which one do we take?' });
  await send(other);
  await row(page, 'Ferry').waitFor();
  await openMessage(page, 'Ferry');
  await act(page, 'Reply');
  await words(page).waitFor();
  assert.match(await composer(page).getAttribute('aria-label'), /^Re: Ferry$/);
  await recipients(page, 'To').getByText(bob).waitFor();
  assert.match(await words(page).inputValue(), /> Which one do we take\?/);
  await words(page).press('Control+Home');
  await words(page).pressSequentially('The early one.\n');
  await attach(page, [file('timetable.pdf', 150_000)]);
  await composer(page).getByText('timetable.pdf').first().waitFor();
  await measured('an answer with a file, from Send to the other page', async () => {
    await send(page);
    await row(other, 'Re: Ferry').waitFor();
  });
  await openMessage(other, 'Re: Ferry');
  await text(other).getByText('The early one.').waitFor();
  const coming = other.waitForEvent('download');
  await other.getByRole('button', { name: /^Open timetable\.pdf, / }).click();
  assert.deepEqual(await readFile(await (await coming).path()), file('timetable.pdf', 150_000).buffer);
  await marked(page, 'Ferry', 'Answered');
  await openFolder(page, 'Sent');
  await openMessage(page, 'Re: Ferry');
  const [, header] = await imap(bob, 'SELECT INBOX', 'FETCH 1 BODY.PEEK[HEADER.FIELDS (IN-REPLY-TO REFERENCES)]');
  assert.match(header.untagged.join('\n'), /In-Reply-To: <.+>[\s\S]*References: <.+>/i);
});

test('reply all answers everybody but oneself', async ({ page }) => {
  const address = await newPerson();
  await deliver(address, letter({ subject: 'Minutes', to: `${address}, Per Dahl <per@dahl.example>`, headers: 'Cc: Ines Roth <ines@roth.example>\n' }));
  await signIn(page, address);
  await openMessage(page, 'Minutes');
  await act(page, 'Reply all');
  await words(page).waitFor();
  const shown = await composer(page).innerText();
  for (const name of ['Orla Fenwick', 'Per Dahl', 'Ines Roth']) assert.match(shown, new RegExp(name));
  assert.equal(await recipients(page, 'To').getByText(address).count(), 0);
});

test('forwarding takes text and files along', async ({ page, stranger }) => {
  const { ann, bob, other } = await two(page, await stranger());
  await deliver(ann, letter({
    subject: 'The map', headers: 'Content-Type: multipart/mixed; boundary=tern\n',
    text: '--tern\nContent-Type: text/plain\n\nSee the file.\n--tern\nContent-Type: text/csv\n' +
      'Content-Disposition: attachment; filename=map.csv\n\nnorth,south\n--tern--',
  }));
  await openMessage(page, 'The map');
  await act(page, 'Forward');
  await composer(page).getByText('map.csv').first().waitFor();
  assert.match(await words(page).inputValue(), /See the file\./);
  await fill(page, { to: bob });
  await send(page);
  await row(other, /Fwd?: The map/).waitFor();
  await openMessage(other, /Fwd?: The map/);
  await text(other).getByText('See the file.').waitFor();
  const coming = other.waitForEvent('download');
  await other.getByRole('link', { name: 'Download map.csv' }).click();
  assert.match(String(await readFile(await (await coming).path())), /north,south/);
  await marked(page, 'The map', /forwarded/i);
});

test('forwarding as attachment sends the letter itself', async ({ page, stranger }) => {
  const { ann, bob, other } = await two(page, await stranger());
  await deliver(ann, letter({ subject: 'Evidence', text: 'As it came.' }));
  await openMessage(page, 'Evidence');
  await act(page, 'More');
  await page.getByRole('menuitem', { name: 'Forward as attachment' }).click();
  await composer(page).getByText(/Evidence.*\.eml/).first().waitFor();
  await fill(page, { to: bob });
  await send(page);
  await openMessage(other, /Fwd?: Evidence/);
  await other.getByRole('button', { name: /^Open .*\.eml, / }).waitFor();
});

test('copies reach people, and hidden ones stay hidden', async ({ page, stranger }) => {
  const { ann, bob, other } = await two(page, await stranger());
  const third = await newPerson();
  await write(page, { to: ann, cc: third, bcc: bob, subject: 'Round letter', words: 'To three.' });
  await send(page);
  await row(other, 'Round letter').waitFor();
  const [, whole] = await imap(bob, 'SELECT INBOX', 'FETCH 1 BODY.PEEK[]');
  assert.doesNotMatch(whole.untagged.join('\n').replace(/^(Received|Delivered-To|X-Original-To|Return-Path)[^\n]*(\n\s[^\n]*)*/gim, ''), new RegExp(`^bcc|${bob}`, 'im'));
  await openFolder(page, 'Sent');
  await openMessage(page, 'Round letter');
  await page.getByRole('button', { name: /Show all recipients/ }).click();
  await page.getByRole('article').getByText(bob).waitFor();
});

test('a recipient that the server refuses is named, and the others get the letter', async ({ page }) => {
  const address = await signIn(page);
  await write(page, { to: `${address}, nobody.here@whimbrel.example`, subject: 'Half of it', words: 'Kept.' });
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'nobody.here@whimbrel.example' }).waitFor();
  await row(page, 'Half of it').waitFor();
});

test('a letter to refused recipients only is not sent, and can be mended', async ({ page }) => {
  const address = await signIn(page);
  await write(page, { to: 'nobody.here@whimbrel.example', subject: 'Wrong address', words: 'Kept.' });
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click();
  await composer(page).getByRole('alert').filter({ hasText: 'nobody.here@whimbrel.example' }).waitFor();
  assert.equal(await words(page).inputValue(), 'Kept.');
  await composer(page).getByRole('button', { name: /^Remove nobody\.here/ }).click();
  await fill(page, { to: address });
  await send(page);
  await row(page, 'Wrong address').waitFor();
});

test('without a recipient, or with a wrong address, nothing is sent', async ({ page }) => {
  await signIn(page);
  await write(page, { subject: 'To whom', words: 'Hm.' });
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click();
  await composer(page).getByRole('alert').filter({ hasText: 'Nobody to send it to' }).waitFor();
  await fill(page, { to: 'not an address' });
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click();
  await composer(page).getByRole('alert').filter({ hasText: 'No mail can go to not an address' }).waitFor();
  assert.equal(await words(page).inputValue(), 'Hm.');
});

test('a file over the limit is refused before it travels, and the letter goes without it', async ({ page }) => {
  const address = await signIn(page);
  await write(page, { to: address, subject: 'Too much', words: 'Kept.' });
  const folder = await mkdtemp(join(tmpdir(), 'whimbrel-files-'));
  const film = join(folder, 'film.mp4');
  await writeFile(film, '');
  await truncate(film, 30 * 1024 * 1024);
  await attach(page, film);
  await composer(page).getByRole('alert').filter({ hasText: 'film.mp4 was not attached. Larger than the limit of 25 MB' }).waitFor();
  await rm(folder, { recursive: true });
  assert.equal(await words(page).inputValue(), 'Kept.');
  await attach(page, [file('small.txt', 10, 'text/plain')]);
  await composer(page).getByText('small.txt').first().waitFor();
  await send(page);
  await row(page, 'Too much').waitFor();
});

test('files can be dropped, and taken away again', async ({ page }) => {
  await signIn(page);
  await write(page, { subject: 'Dropping' });
  const data = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['one'], 'dropped.txt', { type: 'text/plain' }));
    return data;
  });
  await composer(page).dispatchEvent('dragover', { dataTransfer: data });
  await composer(page).getByText('Drop to attach').waitFor();
  await composer(page).dispatchEvent('drop', { dataTransfer: data });
  const item = composer(page).getByRole('listitem').filter({ hasText: 'dropped.txt' });
  await item.getByRole('button', { name: 'Remove dropped.txt' }).click();
  await item.waitFor({ state: 'detached' });
});

test('Ctrl+Enter sends', async ({ page }) => {
  const address = await signIn(page);
  await write(page, { to: address, subject: 'By hand', words: 'Quick.' });
  await words(page).press('Control+Enter');
  await news(page, 'Message sent').waitFor();
  await row(page, 'By hand').waitFor();
});
