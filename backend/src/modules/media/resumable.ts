import { Readable } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import { MediaStoreUnavailable } from './media.errors.ts';

/**
 * A stream that goes on where it was cut, and fails when it was cut so often without a byte between, or its last part says
 * nothing for too long. The first part is open when it resolves.
 * @param openAt the same bytes, without the first `skip`
 */
export async function resumable(
  openAt: (skip: number) => Promise<Readable>,
  { clock, silenceMs, triesMax }: Readonly<{ clock: Clock; silenceMs: number; triesMax: number }>,
): Promise<Readable> {
  const first = await openAt(0);
  return Readable.from(partsOf(first), { objectMode: false });

  async function* partsOf(opened: Readable): AsyncGenerator<Buffer> {
    let part = opened;
    let read = 0;
    for (let tries = 1; ; tries += 1) {
      const before = read;
      try {
        for await (const chunk of heard(part)) {
          read += chunk.length;
          yield chunk;
        }
        return;
      } catch (cause) {
        if (read > before) tries = 0;
        if (tries >= triesMax) throw new MediaStoreUnavailable({ cause });
        part = await openAt(read);
      }
    }
  }

  async function* heard(part: Readable): AsyncGenerator<Buffer> {
    const chunks = part[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    try {
      for (;;) {
        // Only while we wait for it: a reader who takes his time is not the store's silence.
        const cancel = clock.setTimeout(() => part.destroy(new Error('the media store is silent')), silenceMs);
        const next = await chunks.next().finally(cancel);
        if (next.done) return;
        yield next.value;
      }
    } finally {
      part.destroy();
    }
  }
}
