// What hostile mail would set off: a server elsewhere that notes who comes, a script that tells that it ran,
// dialogs, new tabs, downloads and pages that go away. And what a person and a browser would do to a document
// to set it off.
import { createServer } from 'node:http';

import { CANARY } from './vectors.mjs';

const GIF = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');

/** The name of the server elsewhere; see the browser's arguments in kit.mjs. */
export const HOST = 'elsewhere.example';

/** A server on an address of its own: { host, asked, connections, close }. Whoever asks gets a picture. */
export async function elsewhere() {
  const seen = { asked: [], connections: 0 };
  const server = createServer((request, response) => {
    seen.asked.push(request.url.slice(1));
    response.writeHead(200, { 'Content-Type': 'image/gif', 'Access-Control-Allow-Origin': '*' }).end(GIF);
  });
  server.on('connection', () => { seen.connections += 1; });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise((resolve) => server.listen(0, '127.0.0.3', resolve));
  return Object.assign(seen, { host: `${HOST}:${server.address().port}`, close: () => server.close() });
}

/** Notes what happens in all pages of the context from now on, as { what, where }. */
export async function set(context) {
  const caught = [];
  const note = (what, where) => caught.push({ what, where });
  await context.exposeBinding('__told', (_, name) => note('script', name));
  await context.addInitScript((canary) => {
    globalThis[canary] = (name) => globalThis.__told(String(name).slice(1, -1));
  }, CANARY);
  const watch = (page) => {
    page.on('dialog', (dialog) => {
      note('dialog', dialog.message());
      dialog.dismiss().catch(() => {});
    });
    page.on('download', () => note('download', page.url()));
    page.on('framenavigated', (frame) => note(frame.parentFrame() ? 'frame' : 'page', frame.url()));
    page.on('popup', (popup) => note('tab', popup.url()));
  };
  context.pages().forEach(watch);
  context.on('page', watch);
  context.on('request', (request) => note('request', request.url()));
  return caught;
}

/** In the page: does to every element what a person may do, except following ordinary links. */
export function provoke() {
  const events = ['focus', 'mouseover', 'mousemove', 'pointerenter', 'keydown', 'toggle', 'scroll', 'load', 'error', 'copy'];
  for (const element of document.querySelectorAll('*')) {
    for (const name of events) element.dispatchEvent(new Event(name, { cancelable: true }));
    const address = element.getAttribute('href') ?? element.getAttribute('xlink:href') ?? '';
    if (/^\s*(https?|mailto|tel):/i.test(address)) continue;
    element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  }
  for (const form of document.querySelectorAll('form')) {
    try {
      HTMLFormElement.prototype.requestSubmit.call(form);
    } catch { /* another one was sent */ }
  }
}

/** In the page: what stands in the document that must not, in words. */
export function faults() {
  const elements = new Set(('html head meta title style body a abbr acronym address article aside b bdi bdo big blockquote br ' +
    'caption center cite code dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header ' +
    'hr i img ins kbd li main mark menu nav ol p pre q s samp section small span strike strong sub summary sup table ' +
    'tbody td tfoot th thead time tr tt u ul var wbr').split(' '));
  const own = String.raw`\/api\/mailboxes\/[\w.-]+\/messages\/[\w.-]+\/(pictures|remote)\/[\d.]+|data:image\/(png|gif|jpe?g|webp);base64,[\w+\/=]*`;
  const background = new RegExp(String.raw`url\('(${own})'\)`, 'g');
  const picture = new RegExp(`^(${own})$`);
  const attributes = new Set(('abbr align alt bgcolor border cellpadding cellspacing class color colspan dir face height href ' +
    'data-size id lang rel role rowspan size src start style target title type valign width').split(' '));
  const found = [];
  const css = (text) => /url\(|image-set|src\(|@import|@font-face|expression|behavior|binding|[\\<]/i.test(text.replace(background, 'none'));
  const check = (element, { name, value }) => {
    const isFine = name === 'href' ? element.localName === 'a' && /^(https?|mailto|tel):/.test(value)
      : name === 'src' ? element.localName === 'img' && picture.test(value)
      : name === 'background' ? /^(table|t(head|body|foot|r|d|h))$/.test(element.localName) && picture.test(value)
      : name === 'style' ? !css(value)
      : attributes.has(name);
    if (!isFine) found.push(`${element.localName} with ${name}=${value.slice(0, 60)}`);
  };
  for (const element of document.querySelectorAll('*')) {
    const isKnown = element.namespaceURI === 'http://www.w3.org/1999/xhtml' && elements.has(element.localName);
    if (!isKnown) found.push(`the element ${element.nodeName}`);
    if (element.localName === 'style' && css(element.textContent)) found.push(`a sheet: ${element.textContent.slice(0, 200)}`);
    const isShell = element.closest('head') !== null;
    if (!isShell) for (const attribute of element.attributes) check(element, attribute);
    if (isShell !== ['head', 'meta', 'title', 'style'].includes(element.localName) && element.localName !== 'html') {
      found.push(`${element.localName} out of its place`);
    }
  }
  return found;
}
