// Reading: plain text, HTML, pictures and files of a letter, and what a hostile one must not do.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

import { deliver, imap, letter, newPerson } from './desk.mjs';
import { eventually, inbox, row, shot, signIn, test } from './kit.mjs';
import { act, actions, heading, marked, openMessage, text } from './steps.mjs';

const part = (headers, body) => `--tern\n${headers}\n\n${body}\n`;
const mixed = 'Content-Type: multipart/mixed; boundary=tern\n';
const base64 = (words) => Buffer.from(words).toString('base64');

/** Somebody signed in, with these letters in the inbox. */
async function reader(page, ...letters) {
  const address = await newPerson();
  for (const one of letters) await deliver(address, letter(one));
  await signIn(page, address);
  return address;
}

test('plain text is shown as it was written, and opening marks it as read', async ({ page }) => {
  const address = await reader(page, {
    subject: 'Ebb at seven',
    from: '=?utf-8?q?S=C3=B8ren_Holm?= <soren@fenwick.example>',
    text: 'First line.\n\n  indented < & > "quoted"\nSee https://fenwick.example/tides?a=1&b=2 please.',
  });
  await marked(page, 'Ebb at seven', 'Unread');
  await openMessage(page, 'Ebb at seven');
  await text(page).getByText('First line.').waitFor();
  const shown = await text(page).innerText();
  assert.match(shown, /indented < & > "quoted"/);
  const link = text(page).getByRole('link');
  assert.equal(await link.getAttribute('href'), 'https://fenwick.example/tides?a=1&b=2');
  assert.equal(await link.getAttribute('target'), '_blank');
  assert.match(await link.getAttribute('rel'), /noopener/);
  const article = page.getByRole('article', { name: 'Ebb at seven' });
  assert.match(await article.innerText(), /Søren Holm/);
  await article.getByRole('region', { name: /^Message from Søren Holm, / }).waitFor();
  await marked(page, 'Ebb at seven', '');
  await eventually(async () => {
    const [, fetched] = await imap(address, 'SELECT INBOX', 'FETCH 1 FLAGS');
    return /\\Seen/.test(fetched.untagged.join());
  }, 'the second mail program seeing it read');
});

test('HTML is shown with its structure, and nothing in it runs or calls home', async ({ page, context }) => {
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  const html = `<html><head><style>p { color: red }</style><script>parent.document.title = 'taken'</script></head>
    <body onload="parent.document.title = 'taken'"><h2>Spring list</h2><p>Ten <b>waders</b> seen.</p>
    <table><tr><td>Dunlin</td><td>40</td></tr></table>
    <img src="https://tracker.example/pixel.gif" alt="A pixel"><img src=x onerror="parent.document.title = 'taken'">
    <a href="javascript:alert(1)">press</a><form action="https://tracker.example"><input name=q></form>
    <iframe src="https://tracker.example"></iframe></body></html>`;
  await reader(page, { subject: 'Newsletter', headers: 'Content-Type: text/html; charset=utf-8\n', text: html });
  await openMessage(page, 'Newsletter');
  await text(page).getByRole('heading', { name: 'Spring list' }).waitFor();
  await text(page).getByRole('cell', { name: 'Dunlin' }).waitFor();
  assert.equal(await text(page).locator('b').innerText(), 'waders');
  assert.equal(await text(page).locator('script, style[data-x], form, input, iframe, [onerror], [onload]').count(), 0);
  assert.equal(await text(page).locator('a[href^="javascript"]').count(), 0);
  await page.getByText(/Pictures and styles from elsewhere are not loaded/).waitFor();
  assert.doesNotMatch(await page.title(), /taken/);
  assert.deepEqual(asked.filter((url) => !/^https?:\/\/localhost[:/]|^blob:|^data:/.test(url)), []);
});

test('pictures from elsewhere are loaded when one asks for them, and only by our own server', async ({ page, context }) => {
  const gif = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');
  const asked = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request);
    response.writeHead(200, { 'Content-Type': 'image/gif' }).end(gif);
  });
  await new Promise((resolve) => elsewhere.listen(0, '127.0.0.3', resolve));
  try {
    const host = `127.0.0.3:${elsewhere.address().port}`;
    const seen = [];
    context.on('request', (request) => seen.push(request.url()));
    await reader(page, {
      subject: 'Tide tables',
      headers: 'Content-Type: text/html; charset=utf-8\n',
      text: `<p>Two pictures:</p><img src="http://${host}/chart.gif?to=7" alt="Chart"><img src="http://${host}/b.gif">`,
    });
    await openMessage(page, 'Tide tables');
    await text(page).getByText('Two pictures:').waitFor();
    const strip = page.getByRole('status').filter({ hasText: 'Pictures and styles from elsewhere' });
    await strip.getByText(/loading tells the sender/).click();
    await strip.getByText('127.0.0.3: 2').waitFor();
    assert.equal(asked.length, 0, 'nothing is asked before');
    await strip.getByRole('button', { name: 'Load' }).click();
    await eventually(async () => text(page).getByRole('img', { name: 'Chart' })
      .evaluate((picture) => picture.complete && picture.naturalWidth === 1), 'the picture');
    await strip.waitFor({ state: 'detached' });
    const urls = () => asked.map((request) => request.url).sort().join(' ');
    await eventually(async () => urls() === '/b.gif /chart.gif?to=7', 'both pictures');
    assert.equal(asked[0].headers.cookie, undefined);
    assert.equal(asked[0].headers.referer, undefined);
    assert.deepEqual(seen.filter((url) => url.includes(host)), [], 'the browser asks nobody but us');
  } finally {
    elsewhere.close();
  }
});

test('newsletters look as their senders meant, on wide screens and on phones', async ({ page }) => {
  const address = await newPerson();
  const letters = new URL('../letters/html/', import.meta.url);
  for (const name of ['responsive', 'outlook']) await deliver(address, await readFile(new URL(`${name}.eml`, letters), 'latin1'));
  await signIn(page, address);
  await openMessage(page, 'Three mornings on the flats');
  const hero = text(page).getByRole('heading', { name: 'Three mornings' });
  const look = (element, property) => element.evaluate((it, name) => getComputedStyle(it)[name], property);
  assert.equal(await look(hero, 'fontSize'), '36px');
  assert.equal(await look(text(page).locator('.hero'), 'backgroundColor'), 'rgb(11, 100, 112)');
  assert.equal(await look(text(page).locator('.column').first(), 'display'), 'table-cell');
  assert.equal(await text(page).locator('.only-small').isVisible(), false);
  await shot(page, 'newsletter-wide');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, 'newsletter-dark');
  await page.setViewportSize({ width: 390, height: 844 });
  await eventually(async () => (await look(text(page).locator('.column').first(), 'display')) === 'block', 'one column');
  assert.equal(await look(hero, 'fontSize'), '28px');
  assert.ok(await text(page).locator('.only-small').isVisible());
  await shot(page, 'newsletter-phone');
  await page.emulateMedia({ colorScheme: 'light' });
  await shot(page, 'newsletter-phone-light');
});

test('a letter is shown as plain text, as HTML again, and as it was sent', async ({ page, context }) => {
  await reader(page, {
    subject: 'Both ways',
    headers: 'Content-Type: text/html; charset=utf-8\n',
    text: '<style>.big { font-size: 30px }</style><p class="big">Low <b>water</b></p>',
  });
  await openMessage(page, 'Both ways');
  const paragraph = text(page).getByText('Low water');
  assert.equal(await paragraph.evaluate((p) => getComputedStyle(p).fontSize), '30px', 'styles of the sender');
  const more = async (item) => {
    await act(page, 'More');
    await page.getByRole('menuitem', { name: item }).click();
  };
  await more('Show as plain text');
  await eventually(async () => (await text(page).locator('b').count()) === 0, 'plain text');
  assert.equal((await text(page).innerText()).trim(), 'Low water');
  await more('Show as HTML');
  await text(page).locator('b').waitFor();
  const tab = context.waitForEvent('page');
  await more('Show original');
  const source = await tab;
  await source.getByText('Subject: Both ways').waitFor();
  assert.match(await source.locator('body').innerText(), /<p class="big">Low <b>water<\/b><\/p>/);
  assert.equal(await source.locator('p.big').count(), 0, 'as text, not as a page');
  await source.close();
  const headers = context.waitForEvent('page');
  await more('Show all headers');
  await (await headers).getByRole('row', { name: 'Subject Both ways' }).waitFor();
  await (await headers).close();
  const printed = context.waitForEvent('page');
  await more('Print');
  const paper = await printed;
  await paper.getByText('Low water').waitFor();
  await paper.getByRole('row', { name: /^From / }).waitFor();
  await shot(paper, 'printed');
  await paper.close();
  const saved = page.waitForEvent('download');
  await more('Save as file');
  assert.equal((await saved).suggestedFilename(), 'Both ways.eml');
});

test('HTML without colours for the dark gets dark ones there, and its own back with one press', { colorScheme: 'dark' }, async ({ page }) => {
  const headers = 'Content-Type: text/html; charset=utf-8\n';
  await reader(page,
    { subject: 'By day', headers, text: '<p style="color:#000">Words <img alt="Chart" src="cid:none"></p>' },
    { subject: 'By night', headers, text: '<style>@media (prefers-color-scheme: dark) { p { color: rgb(1, 2, 3) } }</style><p>Words</p>' });
  await openMessage(page, 'By day');
  await text(page).getByText('Words').waitFor();
  const ink = () => text(page).locator('p').evaluate((p) => getComputedStyle(p).color);
  const isDark = async () => (await ink()) !== 'rgb(0, 0, 0)';
  assert.equal(await ink(), 'rgb(228, 235, 235)', 'the ink of the app');
  await shot(page, 'turned');
  const turn = async (item) => {
    await act(page, 'More');
    await page.getByRole('menuitem', { name: item }).click();
  };
  await turn('Show in its own colours');
  await eventually(async () => !(await isDark()), 'white paper');
  await turn('Show in dark colours');
  await eventually(isDark, 'dark colours');
  await openMessage(page, 'By night');
  await text(page).getByText('Words').waitFor();
  assert.equal(await ink(), 'rgb(1, 2, 3)', 'the sender has thought of the dark');
});

test('Back leads to the list after another view, and Enter opens what has the focus in the text', async ({ page, context }) => {
  const quoted = Array.from({ length: 10 }, (_, n) => `> line ${n}`).join('\n');
  await reader(page, { subject: 'Step by step', text: `An answer.\n\nAda wrote:\n${quoted}` });
  await openMessage(page, 'Step by step');
  const fold = text(page).getByText(/Show quoted text/);
  await fold.focus();
  await page.keyboard.press('Enter');
  await text(page).getByText('line 9').waitFor();
  await act(page, 'Flag');
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await text(page).getByText('An answer.').waitFor();
  await page.goBack();
  await heading(page, 'Step by step').waitFor({ state: 'detached' });
  await inbox(page).waitFor();
});

test('the text is as high as it is long, without a scrollbar of its own', async ({ page }) => {
  const lines = Array.from({ length: 150 }, (_, number) => `Line ${number}`).join('\n');
  await reader(page, { subject: 'A long one', text: lines });
  await openMessage(page, 'A long one');
  await text(page).getByText('Line 149').waitFor();
  const frame = page.locator('iframe[title="Message text"]');
  await eventually(async () => (await frame.boundingBox()).height > 2000, 'the frame growing');
  const hidden = await text(page).evaluate((body) => {
    const root = body.ownerDocument.documentElement;
    return root.scrollHeight - root.clientHeight;
  });
  assert.ok(hidden <= 1, `${hidden} px of the text are out of sight`);
});

test('links tell where they lead, and an address of mail opens the composer', { expected: [/Blocked script execution/] }, async ({ page }) => {
  await reader(page, {
    subject: 'Links',
    headers: 'Content-Type: text/html\n',
    text: '<style>.w-leads,small{display:none;font-size:0;color:#fff}</style>' +
      '<p style="overflow:hidden;height:1px"><a href="https://evil.example/login">https://bank.example/login</a></p>' +
      '<p><a href="mailto:ada@fenwick.example?cc=bo@curlew.example&amp;subject=High%20tide&amp;body=Come%20early">Write to us</a></p>',
  });
  await openMessage(page, 'Links');
  const lie = text(page).getByText('(leads to evil.example)');
  await lie.waitFor();
  const box = await lie.boundingBox();
  assert.ok(box.height > 12 && box.width > 80, 'it cannot be hidden');
  const link = text(page).getByRole('link', { name: 'Write to us' });
  assert.equal(await link.getAttribute('title'), 'Write to ada@fenwick.example and 1 more');
  await text(page).getByRole('link', { name: 'bank.example' }).focus();
  await page.keyboard.press('Tab');
  const told = await link.evaluate((at) => at.ownerDocument.defaultView.getComputedStyle(at, '::after').display);
  assert.equal(told, 'inline', 'who comes by keyboard is told too');
  await page.keyboard.press('Enter');
  const composer = page.getByRole('dialog', { name: 'High tide' });
  await composer.getByText('ada@fenwick.example').waitFor();
  await composer.getByText('bo@curlew.example').waitFor();
  assert.equal(page.context().pages().length, 1);
});

test('a picture inside a letter is shown', async ({ page }) => {
  const gif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
  await reader(page, {
    subject: 'With a picture',
    headers: 'Content-Type: multipart/related; boundary=tern\n',
    text: part('Content-Type: text/html', '<p>Look: <img src="cid:bird@fenwick" alt="A bird"></p>') +
      part('Content-Type: image/gif\nContent-ID: <bird@fenwick>\nContent-Transfer-Encoding: base64', gif) + '--tern--',
  });
  await openMessage(page, 'With a picture');
  const picture = text(page).getByRole('img', { name: 'A bird' });
  await picture.waitFor({ state: 'attached' });
  await eventually(() => picture.evaluate((img) => img.complete && img.naturalWidth === 1), 'the picture');
});

test('files are listed, and saved byte for byte under their name', async ({ page }) => {
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 31) % 256));
  const encoded = bytes.toString('base64').replace(/.{76}/g, '$&\n');
  await reader(page, {
    subject: 'The counts',
    headers: mixed,
    text: part('Content-Type: text/plain', 'Two files.') +
      part("Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n" +
        "Content-Disposition: attachment; filename*=utf-8''Z%C3%A4hlung%202025.bin", encoded) +
      part('Content-Type: text/html; name="page.html"\nContent-Transfer-Encoding: base64\n' +
        'Content-Disposition: attachment; filename="page.html"', base64('<script>alert(1)</script>')) + '--tern--',
  });
  await row(page, 'The counts').getByText('Has attachments').waitFor({ state: 'attached' });
  await openMessage(page, 'The counts');
  const files = page.getByRole('list', { name: /^2 attachments, / });
  await eventually(async () => (await files.getByRole('listitem').count()) === 2, 'a list of two files');
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Open Zählung 2025\.bin, / }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), 'Zählung 2025.bin');
  assert.deepEqual(await readFile(await download.path()), bytes);
  const html = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Open page\.html, / }).click();
  assert.equal((await html).suggestedFilename(), 'page.html');
});

test('files that can do nothing open in a tab of their own, and all of them are saved at once', async ({ page, context }) => {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const file = (type, name, bytes) =>
    part(`Content-Type: ${type}\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${name}"`, base64(bytes));
  await reader(page, {
    subject: 'To look at',
    headers: mixed,
    text: part('Content-Type: text/plain', 'Three files.') +
      file('text/csv', 'birds.csv', 'Bird;Count\nCurlew;<b>7</b>\n') + file('image/png', 'dot.png', png) +
      file('text/plain', 'trap.txt', '<script>document.title = "taken"</script>') + '--tern--',
  });
  await openMessage(page, 'To look at');
  const files = page.getByRole('list', { name: /^3 attachments, / });
  await eventually(() => files.locator('img').evaluate((img) => img.complete && img.naturalWidth === 1), 'a thumbnail');
  const opened = async (name) => {
    const tab = context.waitForEvent('page');
    await files.getByRole('button', { name: new RegExp(`^Open ${name}, `) }).click();
    const shown = await tab;
    await shown.waitForLoadState();
    return shown;
  };
  const sheet = await opened('birds.csv');
  await sheet.getByRole('cell', { name: '<b>7</b>' }).waitFor();
  await shot(sheet, 'preview-csv');
  const trap = await opened('trap.txt');
  assert.match(await trap.locator('body').innerText(), /<script>document\.title/);
  assert.doesNotMatch(await trap.title(), /taken/);
  const dot = await opened('dot.png');
  assert.equal(await dot.locator('img').evaluate((img) => img.naturalWidth), 1);
  for (const tab of [sheet, trap, dot]) await tab.close();
  const one = page.waitForEvent('download');
  await files.getByRole('link', { name: 'Download birds.csv' }).click();
  assert.equal((await one).suggestedFilename(), 'birds.csv');
  const all = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download all 3 attachments' }).click();
  assert.equal((await all).suggestedFilename(), 'To look at.zip');
});

test('old charsets and languages from right to left are readable', async ({ page }) => {
  const koi8 = Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]).toString('base64');
  await reader(page, {
    subject: `=?koi8-r?B?${koi8}?=`,
    headers: 'Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n',
    text: koi8,
  }, { subject: '=?utf-8?B?' + base64('مرحبا بالعالم') + '?=', text: 'Salaam' });
  await openMessage(page, 'Привет');
  await text(page).getByText('Привет').waitFor();
  await openMessage(page, 'مرحبا بالعالم');
  assert.equal(await heading(page, 'مرحبا بالعالم').getAttribute('dir'), 'auto');
});

test('one leafs from message to message', async ({ page }) => {
  await reader(page, { subject: 'Oldest' }, { subject: 'Middle' }, { subject: 'Newest' });
  await openMessage(page, 'Newest');
  await act(page, 'Older message');
  await heading(page, 'Middle').waitFor();
  await act(page, 'Older message');
  await heading(page, 'Oldest').waitFor();
  await act(page, 'Newer message');
  await heading(page, 'Middle').waitFor();
  assert.equal(await row(page, 'Middle').getAttribute('aria-current'), 'true');
});

test('a letter that is empty or broken is shown as far as it goes', async ({ page }) => {
  const address = await newPerson();
  await deliver(address, '\n');
  await deliver(address, 'Subject: Cut off\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=tern\n\n--tern\nContent-Type: text/plain\n\nThe beginning only');
  await signIn(page, address);
  await eventually(async () => (await inbox(page).getAttribute('aria-rowcount')) === '2', 'two rows');
  await openMessage(page, 'Cut off');
  await text(page).getByText('The beginning only').waitFor();
  await openMessage(page, '(no subject)');
  await actions(page).getByRole('button', { name: 'Delete' }).waitFor();
});

test('text is made larger and smaller, for the next message too', async ({ page }) => {
  const address = await newPerson();
  const words = 'A line that is long enough to be broken in two when it is made larger. '.repeat(3);
  for (const subject of ['Sandpiper', 'Dunlin']) await deliver(address, letter({ subject, text: words }));
  await signIn(page, address);
  await openMessage(page, 'Sandpiper');
  const frame = page.locator('iframe[title="Message text"]');
  const height = async () => (await frame.boundingBox()).height;
  const zoom = () => frame.evaluate((frame) => frame.contentDocument.body.style.zoom);
  await eventually(async () => await zoom() === '100%', 'the text');
  const before = await height();
  const press = async (name) => {
    await act(page, 'More');
    await page.getByRole('menuitem', { name }).click();
  };
  for (let time = 0; time < 4; time += 1) await press('Larger text');
  await eventually(async () => await zoom() === '200%' && await height() > before * 1.5, 'a higher frame');
  const fits = () => frame.evaluate(({ contentDocument: { documentElement: root } }) => root.scrollWidth <= root.clientWidth);
  assert.ok(await fits(), 'lines are broken anew');
  await openMessage(page, 'Dunlin');
  await eventually(async () => await zoom() === '200%', 'the next text');
  for (let time = 0; time < 5; time += 1) await press('Smaller text');
  await eventually(async () => await zoom() === '75%' && await height() < before, 'a lower frame');
});
