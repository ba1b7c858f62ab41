// Pictures behind words: those of a letter are painted at once, those from elsewhere when one asks for them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

import { deliver, letter, newPerson } from './desk.mjs';
import { eventually, shot, signIn, test } from './kit.mjs';
import { openMessage, text } from './steps.mjs';

const gif = (color) => Buffer.from(`47494638396101000100800000${color}0000002c00000000010001000002024401003b`, 'hex');
const [RED, BLUE] = [gif('ff0000'), gif('0000ff')];
const SIZE = 'width:60px;height:40px';

/** A letter with four grounds, all of them green without their pictures. */
const grounds = (place) => {
  const html = `<style>#sheet{background-image:URL(${place}/sheet.gif)} #sheet:hover{background:url(${place}/hover.gif)}</style>
    <table><tr><td id=cell width=60 height=40 bgcolor="#00ff00" background="${place}/cell.gif">&nbsp;</table>
    <div id=sheet style="${SIZE};background-color:#00ff00"></div>
    <div id=style style="${SIZE};background:#00ff00 url('${place}/style.gif?to=7&amp;a=b') center / cover no-repeat"></div>
    <div id=within style="${SIZE};background:#00ff00 url(cid:blue@x)"></div><p>Four grounds</p>`;
  const parts = [
    `Content-Type: text/html; charset=utf-8\n\n${html}`,
    `Content-Type: image/gif; name=blue.gif\nContent-ID: <blue@x>\nContent-Transfer-Encoding: base64\n\n${BLUE.toString('base64')}`,
  ];
  return letter({
    subject: 'Four grounds',
    headers: 'Content-Type: multipart/related; boundary=edge\n',
    text: `${parts.map((part) => `--edge\n${part}\n`).join('')}--edge--`,
  });
};

/** The colour in the middle of a picture, in a page that can do nothing else. */
const middle = (viewer, picture) => viewer.evaluate(async (picture) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  return [...canvas.getImageData(image.width / 2, image.height / 2, 1, 1).data].slice(0, 3).join(' ');
}, picture.toString('base64'));

// A picture of the page wants scripts in each frame, also in one that is just being loaded.
test('a picture behind words is painted, and nobody is told of the pointer', { expected: [/Blocked script execution/] }, async ({ page, stranger }) => {
  const asked = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { 'Content-Type': 'image/gif' }).end(RED);
  });
  await new Promise((resolve) => elsewhere.listen(0, '127.0.0.3', resolve));
  const viewer = await stranger();
  const painted = async (id) => {
    const clip = await text(page).locator(`#${id}`).boundingBox();
    return clip && middle(viewer, await page.screenshot({ clip }));
  };
  const isPainted = (id, color) => eventually(async () => (await painted(id)) === color, `the picture of ${id}`);
  try {
    const address = await newPerson();
    await deliver(address, grounds(`http://127.0.0.3:${elsewhere.address().port}`));
    await signIn(page, address);
    await openMessage(page, 'Four grounds');
    await isPainted('within', '0 0 255');
    for (const id of ['cell', 'sheet', 'style']) assert.equal(await painted(id), '0 255 0', `${id} has its colour`);
    assert.equal(await page.getByText('blue.gif').count(), 0, 'what is shown is no file');
    const strip = page.getByRole('status').filter({ hasText: 'Pictures and styles from elsewhere' });
    await strip.getByText(/loading tells the sender/).click();
    await strip.getByText('127.0.0.3: 3').waitFor();
    assert.deepEqual(asked, [], 'nothing is asked before');
    await strip.getByRole('button', { name: 'Load' }).click();
    for (const id of ['cell', 'sheet', 'style']) await isPainted(id, '255 0 0');
    await isPainted('within', '0 0 255');
    await shot(page, 'backgrounds');
    const { x, y } = await text(page).locator('#sheet').boundingBox();
    await page.mouse.move(x + 5, y + 5);
    assert.ok(await text(page).locator('#sheet').evaluate((element) => element.matches(':hover')));
    await isPainted('sheet', '255 0 0');
    assert.deepEqual(asked.sort(), ['/cell.gif', '/sheet.gif', '/style.gif?to=7&a=b']);
  } finally {
    elsewhere.close();
  }
});
