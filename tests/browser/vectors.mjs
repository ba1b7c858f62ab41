// The hostile HTML of tests/vectors/hostile and tests/vectors/remote, and letters made of it. The README
// there says how the files are written.
import { readdirSync, readFileSync } from 'node:fs';

/** Vectors that share a letter. */
const TOGETHER = 20;
/** A script of this name tells the test that it ran; the argument is a regular expression, for it needs no quotes. */
export const CANARY = '__taken';

/** All vectors of a folder: [{ name, flags, html }]; `host` is the server elsewhere, with its port. */
export function vectors(folder, host) {
  const dir = new URL(`../vectors/${folder}/`, import.meta.url);
  return readdirSync(dir).filter((file) => file.endsWith('.txt')).sort().flatMap((file) => {
    const category = file.slice(0, -'.txt'.length);
    return readFileSync(new URL(file, dir), 'utf8').split(/^== /m).slice(1).map((text) => {
      const [head, ...lines] = text.split('\n');
      const name = `${folder}.${category}.${head.split(' ')[0]}`;
      const flags = new Map([...head.matchAll(/\[([a-z]+)=?([^\]]*)\]/g)].map(([, flag, value]) => [flag, value]));
      return { name, flags, html: filled(lines.join('\n').trimEnd(), name, host) };
    });
  });
}

function filled(html, name, host) {
  const values = {
    run: `${CANARY}(/${name}/)`, url: `http://${host}/${name}`, host, port: host.split(':')[1], at: `/${name}`,
  };
  // From the inside out, for one may stand within another.
  const innermost = /«(?:(u) ([0-9a-f]+)|(repeat) (\d+) ([^«»]*)|(base64) ([^«»]*)|([a-z]+))»/g;
  for (let before = null; before !== html;) {
    before = html;
    html = html.replace(innermost, (whole, u, code, repeat, times, what, base64, plain, word) => {
      if (u) return String.fromCodePoint(parseInt(code, 16));
      if (repeat) return what.repeat(Number(times));
      if (base64) return Buffer.from(plain).toString('base64');
      if (word in values) return values[word];
      throw new Error(`${name}: what is ${whole}?`);
    });
  }
  return html;
}

/** Letters that hold all of these: [{ subject, names, html, bytes, type, charset }]. */
export function letters(of, word) {
  const alone = of.filter(({ flags }) => flags.has('alone'));
  const others = of.filter(({ flags }) => !flags.has('alone'));
  const groups = alone.map((one) => [one]);
  for (let at = 0; at < others.length; at += TOGETHER) groups.push(others.slice(at, at + TOGETHER));
  return groups.map((group, number) => {
    const [{ flags, html: only }] = group;
    const html = group.length === 1 ? only : group.map(({ html }) => `<div>${html}</div>`).join('\n');
    return {
      subject: `${word} ${String(number).padStart(3, '0')}`,
      names: group.map(({ name }) => name),
      html,
      bytes: Buffer.from(html, flags.has('bytes') ? 'latin1' : 'utf8'),
      type: flags.get('type') || 'text/html',
      charset: flags.has('alone') ? flags.get('charset') : 'utf-8',
    };
  });
}

/** What a letter says of itself and its text, for `letter` of the desk. */
export function mime({ subject, bytes, type, charset }) {
  const encoded = bytes.toString('base64').replace(/.{76}/g, '$&\n');
  const parameter = charset ? `; charset=${charset}` : '';
  return { subject, headers: `Content-Type: ${type}${parameter}\nContent-Transfer-Encoding: base64\n`, text: encoded };
}
