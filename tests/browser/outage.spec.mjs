// The mail server is away: it is said in every tab that is opened meanwhile, and all goes on when it is back.
import assert from 'node:assert/strict';

import { append, letter, mailServer, newPerson } from './desk.mjs';
import { row, signIn, test, url } from './kit.mjs';
import { openFolder } from './steps.mjs';

const away = { expected: [/Failed to load resource.*50[234]/] };

test('a mail server that is away is said to be away, after a change of folder and a reload too', away, async ({ page, newPage }) => {
  const address = await newPerson();
  await append(address, 'INBOX', letter({ subject: 'Before the storm' }));
  await signIn(page, address);
  await row(page, 'Before the storm').waitFor();
  const said = (where) => where.getByText('The mail server does not answer').first();
  await mailServer('stop');
  try {
    await said(page).waitFor();
    await openFolder(page, 'Sent');
    await page.waitForTimeout(1500);
    assert.ok(await said(page).isVisible(), 'it is still said in another folder');
    assert.equal(await page.getByText('Up to date').count(), 0);
    const second = await newPage();
    await second.goto(url);
    await said(second).waitFor();
  } finally {
    await mailServer('start');
  }
  await said(page).waitFor({ state: 'detached', timeout: 30_000 });
  await openFolder(page, 'Inbox');
  await row(page, 'Before the storm').waitFor();
});
