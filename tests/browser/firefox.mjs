// Firefox by WebDriver BiDi, which it speaks itself: just enough to walk through the app once.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LISTENING = /WebDriver BiDi listening on (ws:\/\/\S+)/;

/** Starts Firefox with an empty profile: { open, run, until, close }. */
export async function startFirefox(program) {
  const profile = mkdtempSync(join(tmpdir(), 'whimbrel-firefox-'));
  const firefox = spawn(program, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'], {
    env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise((found, failed) => {
    let said = '';
    firefox.stderr.on('data', (data) => {
      said += data;
      const [, url] = LISTENING.exec(said) ?? [];
      if (url) found(url);
    });
    firefox.on('exit', (code) => failed(new Error(`Firefox ended with ${code}: ${said.slice(-500)}`)));
  });
  const call = await connect(`${address}/session`);
  await call('session.new', { capabilities: {} });
  const { contexts } = await call('browsingContext.getTree', {});
  const context = contexts[0].context;

  const run = async (expression) => {
    const answer = await call('script.evaluate', { expression, target: { context }, awaitPromise: true });
    if (answer.type === 'exception') throw new Error(`${expression}: ${answer.exceptionDetails.text}`);
    return answer.result.value;
  };
  return {
    run,
    open: (url) => call('browsingContext.navigate', { context, url, wait: 'complete' }),
    /** Waits until an expression is true in the page. */
    async until(expression, seconds = 30) {
      const end = Date.now() + seconds * 1000;
      while (Date.now() < end) {
        if (await run(`Boolean(${expression})`).catch(() => false)) return;
        await sleep(100);
      }
      throw new Error(`never true in Firefox: ${expression}`);
    },
    async close() {
      firefox.kill('SIGKILL');
      await sleep(300);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function connect(url) {
  const socket = new WebSocket(url);
  await new Promise((opened, failed) => {
    socket.onopen = opened;
    socket.onerror = () => failed(new Error(`no connection to ${url}`));
  });
  const waiting = new Map();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'success') asked?.found(message.result);
    else asked?.failed(new Error(`${message.error}: ${message.message}`));
  };
  return (method, params) =>
    new Promise((found, failed) => {
      last += 1;
      waiting.set(last, { found, failed });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}
