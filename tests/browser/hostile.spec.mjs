// Hostile mail does nothing: every vector of tests/letters in a letter that is opened in the app, and then each
// layer of the defence alone. The layers are taken away from outside, by what the browser is given; the
// program has no switch for it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before } from 'node:test';

import { deliver, letter, newPerson } from './desk.mjs';
import { eventually, inbox, signIn, test, url } from './kit.mjs';
import { act, heading, openMessage } from './steps.mjs';
import { elsewhere, faults, provoke, set } from './trap.mjs';
import { letters, mime, vectors } from './vectors.mjs';

/** How many documents stand side by side when a layer is tried alone. */
const SIDE_BY_SIDE = 12;

let there;
let all;
/** What the app's frames got: by subject { url, headers, document }. */
const served = new Map();
/** The policy of the app's page and the sandbox of its frame. */
let shell;

before(async () => {
  there = await elsewhere();
  all = [...letters(vectors('hostile', there.host), 'Hostile'), ...letters(vectors('remote', there.host), 'Remote')];
});
after(() => there.close());

const isFrame = (frame) => /\/api\/mailboxes\/[^/]+\/messages\/[^/]+\/body/.test(frame.url());
const OWN = /^(blob:|data:image\/|about:)|\/favicon-[0-9a-f]+\.svg$/;

/** The frame of the open message, once its document is whole and is another one than `earlier`. */
async function shown(page, earlier) {
  return eventually(async () => {
    const frame = page.frames().find(isFrame);
    if (!frame || frame.url() === earlier) return false;
    const state = await frame.evaluate(() => document.readyState).catch(() => '');
    return state === 'complete' && frame;
  }, 'the text');
}

test('there are enough vectors, of every kind', {}, async () => {
  const names = (word) => all.filter(({ subject }) => subject.startsWith(word)).flatMap(({ names }) => names);
  assert.ok(names('Hostile').length >= 400 && names('Remote').length >= 250);
  assert.equal(new Set(names('')).size, names('').length, 'names are given once');
});

test('no letter runs, asks, leads or disguises anything in the app', { timeout: 240_000, expected: [/status of 404/] }, async ({ page, context, complaints }) => {
  const address = await newPerson();
  for (const one of all) await deliver(address, letter(mime(one)));
  await signIn(page, address);
  await eventually(async () => Number(await inbox(page).getAttribute('aria-rowcount')) === all.length, 'all letters');
  const policy = (await page.request.get(url)).headers()['content-security-policy'];
  page.on('response', async (response) => {
    if (isFrame({ url: () => response.url() })) served.set(response.url(), { headers: response.headers(), document: await response.text().catch(() => '') });
  });
  const caught = await set(context);
  const asked = there.asked.length;
  const failed = [];
  let earlier;
  for (const [number, one] of all.toReversed().entries()) {
    if (number === 0) await openMessage(page, one.subject);
    else await act(page, 'Older message');
    await heading(page, one.subject).waitFor();
    const frame = await shown(page, earlier);
    earlier = frame.url();
    one.url = earlier;
    const wrong = (await frame.evaluate(faults)).map((what) => ({ what: 'document', where: what }));
    await frame.evaluate(provoke);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    if (frame.url() !== earlier) wrong.push({ what: 'frame', where: frame.url() });
    wrong.push(...untoward(caught.splice(0)), ...complaints.splice(0).map((what) => ({ what: 'complaint', where: what })));
    if (wrong.length > 0) failed.push(`${one.subject} (${one.names.join(' ')}): ${JSON.stringify(wrong)}`);
    assert.match(await page.title(), /^Inbox( \(\d+\))? · Whimbrel$/);
  }
  assert.deepEqual(failed, []);
  assert.equal(there.asked.length + there.connections, asked, 'nobody came to the server elsewhere');
  shell = { policy, sandbox: await page.locator('iframe[title="Message text"]').getAttribute('sandbox') };
});

/** What nobody asked for: the app talks to its own API, and goes from message to message. */
function untoward(caught) {
  const own = new URL(url).origin;
  return caught.filter(({ what, where }) => {
    if (what === 'page') return !where.startsWith(`${own}/mail/`);
    if (what === 'frame') return !where.startsWith(`${own}/api/mailboxes/`);
    return what !== 'request' || !(where.startsWith(`${own}/api/`) || OWN.test(where));
  });
}

test('a document that nobody sanitized is noticed, and does nothing all the same', {}, async ({ page, context, complaints }) => {
  const address = await newPerson();
  const [one] = all.filter(({ names }) => names.includes('hostile.scripts.inline'));
  await deliver(address, letter(mime(one)));
  await context.route((address) => isFrame({ url: () => address.href }), async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: one.bytes });
  });
  await signIn(page, address);
  const caught = await set(context);
  await openMessage(page, one.subject);
  const frame = await shown(page);
  assert.ok((await frame.evaluate(faults)).some((what) => /script/.test(what)));
  await frame.evaluate(provoke);
  await eventually(() => complaints.length > 0, 'the policy complaining');
  complaints.splice(0);
  assert.deepEqual(caught.filter(({ what }) => what === 'script' || what === 'dialog'), []);
});

test('with pictures loaded, the browser still asks nobody but our server', { timeout: 120_000, expected: [/status of 404/] }, async ({ page, context }) => {
  const address = await newPerson();
  const wanted = all.filter(({ subject, names }) => subject.startsWith('Remote') && /pictures|addresses|backgrounds|css/.test(names.join()));
  for (const one of wanted) await deliver(address, letter(mime(one)));
  await signIn(page, address);
  const caught = await set(context);
  const load = page.getByRole('status').filter({ hasText: 'Pictures and styles from elsewhere' }).getByRole('button', { name: 'Load' });
  let loaded = 0;
  let painted = 0;
  let earlier;
  for (const one of wanted.toReversed()) {
    await openMessage(page, one.subject);
    earlier = (await shown(page, earlier)).url();
    if (!(await load.isVisible())) continue;
    await load.click();
    const whole = await shown(page, earlier);
    earlier = whole.url();
    loaded += await whole.evaluate(() => [...document.images].filter((picture) => /\/remote\/\d+/.test(picture.src)).length);
    painted += await whole.evaluate(() => [...document.querySelectorAll('body *')]
      .filter((element) => /url\("[^"]*\/remote\/\d+"\)/.test(getComputedStyle(element).backgroundImage)).length);
    assert.deepEqual(await whole.evaluate(faults), [], one.subject);
    await whole.evaluate(provoke);
    assert.deepEqual(untoward(caught.splice(0)), [], one.subject);
  }
  assert.ok(loaded >= 40, `${loaded} pictures came by our server`);
  assert.ok(painted >= 45, `${painted} backgrounds came by our server`);
});

// The documents as the app's frames got them, with all layers of the defence but some taken away. `document` and
// `headers` make of a letter what the browser is given.
const bare = { 'content-type': 'text/html' };
const raw = (one) => ({ body: one.bytes, headers: { 'content-type': `text/html; charset=${one.charset ?? 'utf-8'}` } });
const withPolicy = (one, policy) => {
  const { body, headers } = raw(one);
  return { body, headers: { ...headers, 'content-security-policy': policy } };
};
const directives = (one, isWanted) => served.get(one.url).headers['content-security-policy'].split(/;\s*/)
  .filter((directive) => isWanted(directive.startsWith('sandbox'))).join('; ');

/**
 * Opens all documents, some side by side in a page of a server of their own: { caught, asked }. `made` gives the
 * document of a letter, `attributes` is of the iframes, `policy` of the page around.
 */
async function stand({ context, newPage }, { made, attributes = '', policy, look = () => {} }) {
  const caught = await set(context);
  const asked = there.asked.length;
  const around = (at) => `<!doctype html>${all.slice(at, at + SIDE_BY_SIDE)
    .map((_, number) => `<iframe ${attributes} src="/letter/${at + number}"></iframe>`).join('')}`;
  const server = createServer((request, response) => {
    const [, what, number] = request.url.split('/');
    const page = { body: around(Number(number)), headers: { ...bare, ...(policy && { 'content-security-policy': policy }) } };
    const isThere = number in all && ['letter', 'around'].includes(what);
    const { body, headers } = isThere && what === 'letter' ? made(all[number]) : page;
    response.writeHead(isThere ? 200 : 404, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (let at = 0; at < all.length; at += SIDE_BY_SIDE) {
    const page = await newPage();
    const address = `http://localhost:${server.address().port}/around/${at}`;
    await page.goto(address, { timeout: 5000 }).catch(() => {});
    await Promise.all(page.frames().slice(1).map(async (frame) => {
      await look(frame);
      await Promise.race([frame.evaluate(provoke).catch(() => {}), pause(500)]);
    }));
    await pause(100);
    if (page.url() !== address) caught.push({ what: 'left', where: page.url() });
    await page.close();
  }
  server.closeAllConnections();
  server.close();
  return { caught, asked: there.asked.slice(asked) };
}

/** A sandbox lets pictures through, so that one sees that the vectors are alive; but no form. */
function holdsForms(asked) {
  assert.ok(asked.length >= 150);
  assert.deepEqual(asked.filter((name) => name.startsWith('hostile.forms.')), []);
}

const pause = (time) => new Promise((done) => setTimeout(done, time));
const layer = { timeout: 120_000, expected: [/^/] };
const of = (caught, ...kinds) => caught.filter(({ what }) => kinds.includes(what)).map(({ what, where }) => `${what}: ${where}`);

test('without any layer the trap snaps', layer, async (stage) => {
  const { caught, asked } = await stand(stage, { made: raw });
  const ran = new Set(of(caught, 'script'));
  const came = new Set(asked);
  const left = of(caught, 'left');
  console.log(`${ran.size} scripts ran, ${came.size} addresses elsewhere were asked, ${left.length} pages went away`);
  assert.ok(ran.size >= 100 && came.size >= 150 && left.length > 0 && of(caught, 'dialog').length > 0);
});

test('the sanitizer alone holds everything', layer, async (stage) => {
  const { connections } = there;
  const wrong = [];
  const { caught, asked } = await stand(stage, {
    made: (one) => ({ body: served.get(one.url).document, headers: bare }),
    look: async (frame) => wrong.push(...await frame.evaluate(faults)),
  });
  assert.deepEqual(wrong, []);
  assert.deepEqual(of(caught, 'script', 'dialog', 'download', 'tab', 'left'), []);
  assert.deepEqual(asked, []);
  assert.equal(there.connections, connections, 'not even a connection');
});

test('the policy alone holds scripts and requests elsewhere', layer, async (stage) => {
  const { caught, asked } = await stand(stage, {
    policy: shell.policy, made: (one) => withPolicy(one, directives(one, (isSandbox) => !isSandbox)),
  });
  assert.deepEqual(of(caught, 'script', 'dialog', 'left'), []);
  assert.deepEqual(asked, []);
});

test('the sandbox of the frame alone holds scripts, dialogs, forms and the page around', layer, async (stage) => {
  const { caught, asked } = await stand(stage, { made: raw, attributes: `sandbox="${shell.sandbox}"` });
  assert.deepEqual(of(caught, 'script', 'dialog', 'left'), []);
  holdsForms(asked);
});

test('the sandbox of the document alone holds the same', layer, async (stage) => {
  const { caught, asked } = await stand(stage, { made: (one) => withPolicy(one, directives(one, (isSandbox) => isSandbox)) });
  assert.deepEqual(of(caught, 'script', 'dialog', 'left'), []);
  holdsForms(asked);
});
