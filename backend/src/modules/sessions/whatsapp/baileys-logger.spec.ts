import { expect, it } from '@jest/globals';
import { baileysLogger } from './baileys-logger.ts';

function lines(say: (logger: ReturnType<typeof baileysLogger>) => void): unknown[] {
  const said: unknown[] = [];
  const at = (level: string) => (fields: object, message: string) => void said.push([level, fields, message]);
  say(baileysLogger({ debug: at('debug'), warn: at('warn') }));
  return said;
}
const streamError = (code: string) => ({ fullErrorNode: { tag: 'stream:error', attrs: { code } }, reasonNode: {} });

it('warns of errors by their constant message, with name and message of what was thrown and nothing else', () => {
  const error = new TypeError('no such key');
  expect(lines((logger) => logger.error({ error, key: 'secret', node: { attrs: {} } }, 'failed to decrypt'))).toEqual([
    ['warn', { errorName: 'TypeError', errorMessage: 'no such key' }, 'baileys: failed to decrypt'],
  ]);
  expect(lines((logger) => logger.error(streamError('401'), 'stream errored out'))).toEqual([
    ['warn', {}, 'baileys: stream errored out'],
  ]);
});

it('makes no noise of the restart that WhatsApp asks for after linking, nor of what a closed connection left undone', () => {
  expect(lines((logger) => logger.error(streamError('515'), 'stream errored out'))).toEqual([
    ['debug', {}, 'baileys: stream errored out'],
  ]);
  const error = new Error('Connection Closed');
  expect(lines((logger) => logger.error({ error }, 'error in handling message'))).toEqual([
    ['debug', { errorName: 'Error', errorMessage: 'Connection Closed' }, 'baileys: error in handling message'],
  ]);
});
