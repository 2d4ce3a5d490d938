// Loaded into a node before its own program (`--import`), writes to WITNESS_FILE what the process loads, which hosts it asks
// for, and whom it believes to be WhatsApp when it ends.
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { createRequire, register, syncBuiltinESMExports } from 'node:module';

const file = process.env.WITNESS_FILE ?? '';
const say = (/** @type {string} */ what, /** @type {string} */ name) => appendFileSync(file, `${what} ${name}\n`);

const loader = `
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    appendFileSync(${JSON.stringify(file)}, 'loaded ' + url + '\\n');
    return next(url, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(loader)}`);

const { lookup } = dns;
dns.lookup = /** @type {typeof lookup} */ (
  (/** @type {[string]} */ ...parts) => {
    say('asked', parts[0]);
    return lookup(...parts);
  }
);
syncBuiltinESMExports();

const { WA_CERT_DETAILS } = await import('@whiskeysockets/baileys');
process.on('exit', () => {
  for (const path of Object.keys(createRequire(import.meta.url).cache)) say('loaded', path);
  say('believes', WA_CERT_DETAILS.PUBLIC_KEY.toString('hex'));
});
