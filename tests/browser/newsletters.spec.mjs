// Letters as the builders of newsletters make them today, each beside its own HTML in a page without Whimbrel: what
// matters must lie in the same places, on wide screens and on phones, and be easy to read in the dark.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

import { deliver, newPerson } from './desk.mjs';
import { eventually, shot, signIn, test } from './kit.mjs';
import { openMessage, text } from './steps.mjs';

const WIDE = { width: 1366, height: 850 };
const PHONE = { width: 390, height: 844 };
/** What stands side by side on a wide screen, and one below the other on a phone. */
const COLUMNS = '.half, .column-per-50, .row-2 .column, .kc, .size-6, .narrow, .big, .of-2, .r5-c.column, td.stack';
/** What the contrast must be at least (WCAG 1.4.3), unless it was less as sent. */
const CONTRAST = 4.5;
/** How light a ground may be in the dark, and how dark one is that stays as it is (relative luminance). */
const LIGHTEST = 0.16;
const DARK = 0.15;
/** By how many pixels a place may differ: lines without a height of their own are a little higher here. */
const TOLERANCE = 2;

const folder = new URL('../letters/html/', import.meta.url);
const letters = readdirSync(folder)
  .filter((file) => /^newsletter-as-.*\.eml$/.test(file))
  .map((file) => {
    const raw = readFileSync(new URL(file, folder), 'latin1');
    return { name: file.slice(0, -'.eml'.length), raw, subject: raw.match(/^Subject: (.*)$/m)[1], html: unpacked(raw) };
  });

/** The HTML of a letter with its pictures written out in it, and without what comes from elsewhere. */
function unpacked(raw) {
  const [, html, ...pictures] = raw.split(/^--\S+-edge(?:--)?$/m).map((part) => part.trimStart());
  const body = (part) => part.slice(part.indexOf('\n\n') + 2);
  const alone = body(html)
    .replace(/url\((?!'cid:)[^)]*\)|<link[^>]*>|(?:src|background)="https:[^"]*"/g, '')
    .replace('<head>', '<head><style>body { margin: 0 }</style>');
  return pictures.reduce((html, picture) => {
    const id = picture.match(/^Content-ID: <(.*)>$/m)?.[1];
    return id ? html.replaceAll(`cid:${id}`, `data:image/png;base64,${body(picture).replace(/\s/g, '')}`) : html;
  }, alone);
}

/** Where things of a letter lie, and how its button looks. */
const seen = (body) => body.evaluate(async (body, columns) => {
  const pictures = [...body.querySelectorAll('img[src^="/"], img[src^="data:"]')];
  await Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
  const box = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { name: element.alt || element.className, x, y, width, height };
  };
  const all = (selector) => [...body.querySelectorAll(selector)].map(box);
  const button = getComputedStyle(body.querySelector('.button'));
  const page = body.ownerDocument.documentElement;
  return {
    places: all('.title, .main, .button').map(({ name, x, width }) => ({ name, x, width })),
    pictures: pictures.map(box).map(({ name, x, width, height }) => ({ name, x, width, height })),
    columns: all(columns),
    heroes: all('.hero').filter((_, at) => getComputedStyle(body.querySelectorAll('.hero')[at]).backgroundImage !== 'none').map(({ width, height }) => ({ width, height })),
    button: ['color', 'backgroundColor', 'padding', 'borderRadius', 'fontSize'].map((name) => button[name]),
    preview: body.querySelector('.preview')?.getBoundingClientRect().height ?? 0,
    tooWide: page.scrollWidth - page.clientWidth,
  };
}, COLUMNS);

function assertAlike(ours, theirs, where) {
  assert.equal(ours.length, theirs.length, where);
  for (const [at, one] of ours.entries()) {
    for (const [key, value] of Object.entries(one)) {
      const near = key === 'name' ? value === theirs[at].name : Math.abs(value - theirs[at][key]) <= TOLERANCE;
      assert.ok(near, `${where}: ${JSON.stringify(one)} is ${JSON.stringify(theirs[at])} in a page of its own`);
    }
  }
}

/** All words of a letter as they are painted, in order: what they are in, their contrast with what is behind them, and how light that is. */
const words = (body) => body.evaluate((body) => {
  const channels = (color) => {
    const [r, g, b, alpha = 1] = color.match(/[\d.]+/g).map(Number);
    return [r, g, b, alpha];
  };
  const over = ([r, g, b, alpha], below) => [r, g, b].map((channel, at) => channel * alpha + below[at] * (1 - alpha));
  const luminance = (color) => {
    const [r, g, b] = color.map((value) => value / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const [gradient] = backgroundImage.match(/rgba?\([^)]*\)/) ?? [];
    return over(channels(gradient ?? backgroundColor), behind(element.parentElement));
  };
  const hasWords = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const seen = [...body.querySelectorAll('*')].filter((element) => hasWords(element) && element.checkVisibility());
  return seen.map((element) => {
    const ground = behind(element);
    const [one, other] = [over(channels(getComputedStyle(element).color), ground), ground].map(luminance);
    return {
      name: `${element.localName}.${element.className}`,
      says: element.textContent.trim().slice(0, 20),
      ratio: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
      ground: other,
    };
  });
});

/** Whatever could be read in the light can be read in the dark, and no ground is light there; what was dark stays. Of who has rules for the dark, the words that matter can be read. */
function assertDark(letter, light, dark, mode) {
  const where = `${letter.name}, ${mode} in the dark`;
  if (letter.html.includes('prefers-color-scheme')) {
    const matter = dark.filter(({ name }) => /[. ](title|main)\b/.test(name));
    assert.deepEqual(matter.filter(({ ratio }) => ratio < CONTRAST), [], where);
    return;
  }
  assert.deepEqual(dark.map(({ says }) => says), light.map(({ says }) => says), where);
  const wrong = dark.filter((now, at) => {
    const sent = light[at];
    const isPoor = now.ratio < Math.min(sent.ratio, CONTRAST) - 0.1;
    return isPoor || now.ground > LIGHTEST || (sent.ground < DARK && Math.abs(now.ground - sent.ground) > 0.01);
  });
  assert.deepEqual(wrong, [], where);
}

/** The letter on the screen is as in `own`, a page of the same width. */
async function assertAsMeant(page, own, { name, html }, mode) {
  const { width } = await page.locator('iframe[title="Message text"]').boundingBox();
  await own.setViewportSize({ width: Math.round(width), height: 900 });
  await own.setContent(html);
  const [ours, theirs] = [await seen(text(page)), await seen(own.locator('body'))];
  const where = `${name}, ${mode}`;
  assertAlike(ours.places, theirs.places, where);
  assertAlike(ours.pictures, theirs.pictures, where);
  assertAlike(ours.heroes, theirs.heroes, where);
  assert.deepEqual(ours.button, theirs.button, where);
  assert.equal(ours.preview, 0, `${where}: the preview is hidden`);
  assert.ok(ours.tooWide <= 0, `${where}: ${ours.tooWide} pixels too wide`);
  const [first, second] = ours.columns;
  if (mode === 'phone' && first) assert.ok(second.y >= first.y + first.height - TOLERANCE, `${where}: one column`);
  if (mode === 'wide' && first) assert.ok(second.x >= first.x + first.width - TOLERANCE, `${where}: two columns`);
}

test('ten newsletters look as in a page of their own, and can be read in the dark', async ({ page, stranger }) => {
  assert.equal(letters.length, 10);
  const address = await newPerson();
  for (const { raw } of letters) await deliver(address, raw);
  await page.setViewportSize(WIDE);
  await signIn(page, address);
  const own = await stranger(); // two tabs of one window would wait for each other
  for (const letter of letters) {
    await page.setViewportSize(WIDE);
    await openMessage(page, letter.subject);
    await eventually(async () => (await text(page).locator('.title').count()) > 0, letter.name);
    for (const [mode, size] of [['wide', WIDE], ['phone', PHONE]]) {
      await page.setViewportSize(size);
      await assertAsMeant(page, own, letter, mode);
      await shot(page, `${letter.name}-${mode}`);
      const light = await words(text(page));
      await page.emulateMedia({ colorScheme: 'dark' });
      await shot(page, `${letter.name}-${mode}-dark`);
      assertDark(letter, light, await words(text(page)), mode);
      await page.emulateMedia({ colorScheme: 'light' });
    }
  }
});
