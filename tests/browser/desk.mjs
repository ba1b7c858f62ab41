// The mail world from a spec's side: people, letters, and a second mail program. See tests/src/browser.rs.
const desk = process.env.WHIMBREL_DESK;

async function ask(what, body) {
  const response = await fetch(`${desk}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body ?? null),
  });
  if (!response.ok) throw new Error(`${what}: ${await response.text()}`);
  return response.json();
}

/** A person of one's own: their mail address. The password is the same for all. */
export const newPerson = () => ask('person');

/** Gives somebody who has not signed in yet room for so many bytes; 0: without a limit. */
export const room = (address, bytes) => ask('room', { address, bytes });

/** Fills a mailbox that nobody has signed in to yet; `folders`: not only the inbox. */
export const fill = (address, count, { folders = false } = {}) => ask('fill', { address, count, folders });

/** Delivers a letter from outside. */
export const deliver = (address, message) => ask('deliver', { address, message });

/** What a second mail program is told by these IMAP commands: [{ tagged, untagged }]. */
export const imap = (address, ...commands) => ask('imap', { address, commands });

/** Puts a letter into a folder as a second mail program. */
export const append = (address, folder, message, flags = '') =>
  ask('imap', { address, commands: [], append: { folder, flags, message } });

/** 'stop', 'start' or 'restart': for specs that run alone. */
export const mailServer = (wish) => ask('mail-server', wish);

/** A plain letter, as text. */
export function letter({ subject, from = 'Orla Fenwick <orla@fenwick.example>', to = 'you@whimbrel.example', text = 'Hello.', headers = '', date = new Date() }) {
  const id = `${Date.now()}.${Math.random().toString(36).slice(2)}@fenwick.example`;
  return `From: ${from}\nTo: ${to}\nSubject: ${subject}\nDate: ${date.toUTCString().replace('GMT', '+0000')}\n` +
    `Message-ID: <${id}>\nMIME-Version: 1.0\n${headers || 'Content-Type: text/plain; charset=utf-8\n'}\n${text}\n`;
}
