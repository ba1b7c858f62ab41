// Who a message is from: the verdict, warnings, leaving a list, blocking.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

import { append, letter, newPerson } from './desk.mjs';
import { eventually, row, shot, signIn, test } from './kit.mjs';
import { act, openMessage, text } from './steps.mjs';

const hop = 'Received: from fenwick.example by mx.whimbrel.example with ESMTP id 1\n';
const findings = (words) => `Authentication-Results: mx.whimbrel.example; ${words}\n${hop}`;

/** Somebody signed in, whose inbox holds these letters, each below what the servers on the way wrote. */
async function reader(page, ...letters) {
  const address = await newPerson();
  for (const [trace, one] of letters) await append(address, 'INBOX', trace + letter(one));
  await signIn(page, address);
  return address;
}

test('a proved sender has a quiet verdict with its reasons, a forged one an alert', async ({ page }) => {
  await reader(
    page,
    [findings('dkim=pass header.d=fenwick.example'), { subject: 'Proved' }],
    [findings('dmarc=fail header.from=fenwick.example'), { subject: 'Forged' }],
  );
  await openMessage(page, 'Proved');
  const verdict = page.getByRole('button', { name: 'Verified: sent by fenwick.example. Show details' });
  await verdict.waitFor();
  assert.equal((await verdict.innerText()).trim(), 'Verified');
  await shot(page, 'sender-verified');
  await verdict.click();
  const reasons = page.getByRole('dialog', { name: 'Verified: sent by fenwick.example' });
  await reasons.getByText('Signature (DKIM): valid, by fenwick.example.').waitFor();
  await reasons.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await page.getByRole('alert').count(), 0);

  await openMessage(page, 'Forged');
  await page.getByRole('alert').getByText('Failed: not sent by fenwick.example').waitFor();
  await page.getByRole('button', { name: 'Failed: not sent by fenwick.example. Show details' }).waitFor();
  assert.equal(await verdict.count(), 0);
  await shot(page, 'sender-failed');
});

test('a list is left in a letter that one sees, and a sender is blocked', async ({ page }) => {
  await reader(page, [hop, {
    subject: 'Tide news',
    from: '"ada@curlew.example" <news@mudflat.example>',
    headers: 'List-Unsubscribe: <mailto:leave@mudflat.example?subject=leave%20me>\nReply-To: x@evil.example\n',
  }]);
  await openMessage(page, 'Tide news');
  await page.getByText('The name says ada@curlew.example, but the message comes from news@mudflat.example.').waitFor();
  await page.getByText('Answers would go to x@evil.example, not to mudflat.example.').waitFor();
  await shot(page, 'sender-warnings');
  await page.getByRole('button', { name: /^Not verified: .* Show details$/ }).waitFor();
  await act(page, 'More');
  await page.getByRole('menuitem', { name: 'Block sender' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Block sender' }).click();
  await page.getByText('Sender blocked').waitFor();
  await page.goto(new URL('/settings/blocked', page.url()).href);
  await page.getByText('news@mudflat.example').waitFor();
  await page.getByRole('button', { name: 'Let news@mudflat.example in again' }).click();
  await page.getByText('You block nobody').waitFor();

  await page.getByRole('link', { name: 'To your mail' }).click();
  await openMessage(page, 'Tide news');
  await page.getByRole('button', { name: 'Unsubscribe' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unsubscribe' }).click();
  const composer = page.getByRole('dialog', { name: 'leave me' });
  await composer.getByText('leave@mudflat.example').waitFor();
});

const strip = (page) => 
  page.getByRole('status').filter({ has: page.getByRole('button', { name: 'Load', exact: true }) });
const always = (page) => strip(page).getByRole('button', { name: 'Always from this sender' });

/** A web server with one picture, at a host that only Whimbrel asks. */
async function gallery() {
  const gif = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { 'Content-Type': 'image/gif' }).end(gif);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.3', resolve));
  return { asked, host: `127.0.0.3:${server.address().port}`, close: () => server.close() };
}

const isLoaded = (page) => eventually(() => text(page).getByRole('img', { name: 'Chart' })
  .evaluate((picture) => picture.complete && picture.naturalWidth === 1), 'the picture');

test('pictures of a sender are loaded from now on, unless a message is forged', async ({ page, context }) => {
  const there = await gallery();
  const seen = [];
  context.on('request', (request) => seen.push(request.url()));
  const issue = (subject) => ({
    subject,
    from: 'Mudflat News <news@mudflat.example>',
    headers: 'Content-Type: text/html; charset=utf-8\n',
    text: `<p>${subject} is here.</p><img src="http://${there.host}/${subject}.gif" alt="Chart">`,
  });
  const proved = findings('dkim=pass header.d=mudflat.example');
  const forged = findings('dmarc=fail header.from=mudflat.example');
  try {
    await reader(page, [proved, issue('First')], [proved, issue('Second')], [forged, issue('Third')]);
    await openMessage(page, 'First');
    await strip(page).waitFor();
    await shot(page, 'pictures-always');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(500); // colours change gradually
    await shot(page, 'pictures-always-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    assert.deepEqual(there.asked, []);
    await always(page).click();
    await strip(page).waitFor({ state: 'detached' });
    await isLoaded(page);

    // Both were fetched before the press.
    await openMessage(page, 'Second');
    await text(page).getByText('Second is here.').waitFor();
    await isLoaded(page);
    assert.equal(await strip(page).count(), 0);
    await openMessage(page, 'Third');
    await page.getByText('but not here: mudflat.example did not send this message.').waitFor();
    await strip(page).getByRole('button', { name: 'Load' }).waitFor();
    assert.equal(await always(page).count(), 0);
    await shot(page, 'pictures-held');
    await openMessage(page, 'First');
    await isLoaded(page);
    assert.deepEqual([...new Set(there.asked)].sort(), ['/First.gif', '/Second.gif']);
    assert.deepEqual(seen.filter((url) => url.includes(there.host)), [], 'the browser asks nobody but us');
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.doesNotMatch(kept, /mudflat/);

    await page.goto(new URL('/settings/pictures', page.url()).href);
    await shot(page, 'pictures-settings');
    await page.getByRole('button', { name: 'Ask again before pictures of news@mudflat.example are loaded' }).click();
    await page.getByText('Nobody’s pictures are loaded by themselves').waitFor();
    await page.getByRole('link', { name: 'To your mail' }).click();
    await openMessage(page, 'Second');
    await always(page).waitFor();
  } finally {
    there.close();
  }
});

test('on a phone both buttons of the strip are within reach', {
  viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2,
}, async ({ page }) => {
  await reader(page, [findings('dkim=pass header.d=mudflat.example'), {
    subject: 'Small screen',
    from: 'Mudflat News <news@mudflat.example>',
    headers: 'Content-Type: text/html; charset=utf-8\n',
    text: '<p>Here.</p><img src="http://127.0.0.3:9/chart.gif" alt="Chart">',
  }]);
  await row(page, 'Small screen').tap();
  await always(page).waitFor();
  await shot(page, 'pictures-always-phone');
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} px too wide`);
  const words = await strip(page).getByText(/^Pictures and styles/).boundingBox();
  assert.ok(words.width >= 200, `words in ${words.width} px`);
  for (const name of ['Load', 'Always from this sender']) {
    const box = await strip(page).getByRole('button', { name, exact: true }).boundingBox();
    assert.ok(box.x >= words.x && box.x + box.width <= 360 && box.y >= words.y + words.height && box.height >= 28, `${name}: ${JSON.stringify(box)}`);
  }
});
