// Who a message is from: the verdict, warnings, leaving a list, blocking.
import assert from 'node:assert/strict';

import { append, letter, newPerson } from './desk.mjs';
import { shot, signIn, test } from './kit.mjs';
import { act, openMessage } from './steps.mjs';

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
