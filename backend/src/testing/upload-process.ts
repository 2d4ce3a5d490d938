import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '../kernel/clock.ts';
import { mimeTypeOf, writeContent } from '../modules/media/media.content.ts';
import { mediaStoreOf } from '../modules/media/media.module.ts';
import { storageKeyOf } from '../modules/media/media.store.ts';
import { readUpload } from '../modules/media/media.upload.ts';
import { aConfig } from './settings.ts';

/**
 * A process that takes uploads as the product does, and nothing else, so that its memory is theirs: POST a form, and it answers
 * with the most memory that it had meanwhile and the memory before, in bytes. It says its port when it is ready.
 */
const config = aConfig(
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : []))),
);
const store = await mediaStoreOf(config, new SystemClock());
const organization = randomUUID();

async function take(request: IncomingMessage): Promise<{ before: number; most: number }> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
  try {
    await readUpload(request as Parameters<typeof readUpload>[0], async (content) => {
      const path = await store.temporaryPath();
      const { sha256 } = await writeContent(content, path, undefined);
      await mimeTypeOf(path);
      await store.put(path, storageKeyOf(organization, sha256));
    });
    return { before, most };
  } finally {
    clearInterval(watch);
  }
}

const server = createServer((request, response) => {
  take(request).then(
    (memory) => response.end(JSON.stringify(memory)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
