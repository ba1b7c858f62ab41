// What the app's page keeps scripts from, whoever brings them in.
import assert from 'node:assert/strict';

import { signIn, test } from './kit.mjs';

test('no text becomes HTML or code in the app', { expected: [/policy: (require-trusted-types-for|trusted-types|script-src)/, /console: /] }, async ({ page, complaints }) => {
  await signIn(page);
  const refused = await page.evaluate(() => {
    const kinds = {
      html: () => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="document.title=1">'); },
      element: () => { document.createElement('div').innerHTML = '<script>1</script>'; },
      address: () => { document.createElement('div').innerHTML = '<a href="javascript:1">x</a>'; },
      document: () => { document.createElement('iframe').srcdoc = '<p>x</p><iframe>'; },
      parser: () => { new DOMParser().parseFromString('<svg onload="1"></svg>', 'text/html'); },
      fragment: () => { document.createRange().createContextualFragment('<p onclick="1">'); },
      write: () => { document.write('<script>1</script>'); },
      source: () => { document.createElement('script').src = '/boot.js'; },
      text: () => { document.createElement('script').text = '1'; },
      code: () => { setTimeout('1'); },
      policy: () => { trustedTypes.createPolicy('another', {}); },
      twice: () => { trustedTypes.createPolicy('default', {}); },
    };
    return Object.entries(kinds).filter(([, attempt]) => {
      try {
        attempt();
        return false;
      } catch {
        return true;
      }
    }).map(([kind]) => kind);
  });
  assert.deepEqual(refused, ['html', 'element', 'address', 'document', 'parser', 'fragment', 'write', 'source', 'text', 'code', 'policy', 'twice']);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.append('document.title = "taken"');
    document.head.append(script);
  }).catch(() => {});
  assert.doesNotMatch(await page.title(), /taken/);
  assert.deepEqual(complaints, []);
});
