import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { ImportUnreadable } from './imports.errors.ts';
import type { IMPORT_ENCODINGS } from './imports.dto.ts';

export type Encoding = (typeof IMPORT_ENCODINGS)[number];

/** What a file is written in, and what stands between its cells. */
export type Dialect = Readonly<{ encoding: Encoding; delimiter: string }>;

/** A row, and the line of the file on which it begins. */
export type CsvRow = Readonly<{ line: number; cells: readonly string[] }>;

const CELLS_MAX = 200;
/** Longest row: the text of a message, and as much again. */
const ROW_MAX = 131_072;
const HEAD_BYTES = 64 * 1024;

const BOMS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * How a file is written, by its mark, else by what its bytes can be: the whole of it is looked at, for a list can be plain for
 * thousands of rows before the first Hebrew name.
 */
export async function dialectOf(path: string): Promise<Dialect> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let head = Buffer.alloc(0);
  let isUtf8 = true;
  const high = Array.from({ length: 256 }, () => 0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
    if (isUtf8) isUtf8 = decodes(() => utf8.decode(chunk, { stream: true }));
    for (const byte of chunk) if (byte >= 0x80) high[byte] = (high[byte] ?? 0) + 1;
  }
  if (isUtf8) isUtf8 = decodes(() => utf8.decode());
  const encoding = encodingOf(head, isUtf8, high);
  return { encoding, delimiter: delimiterOf(new TextDecoder(encoding).decode(head)) };
}

function decodes(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** @param high how often each byte above ASCII stands in it */
export function encodingOf(head: Buffer, isUtf8: boolean, high: readonly number[]): Encoding {
  const marked = BOMS.find(([, bom]) => bom.every((byte, n) => head[n] === byte));
  if (marked) return marked[0];
  // Latin letters and digits leave every other byte empty.
  const [even, odd] = [0, 1].map((side) => head.filter((byte, n) => n % 2 === side && byte === 0).length);
  if ((odd ?? 0) > head.length / 8) return 'utf-16le';
  if ((even ?? 0) > head.length / 8) return 'utf-16be';
  if (isUtf8) return 'utf-8';
  // Hebrew letters stand at E0 to FA; Arabic ones from C0 on, alef (C7) and lam (E1) among the most frequent.
  const all = high.reduce((sum, n) => sum + n, 0);
  const hebrew = high.slice(0xe0, 0xfb).reduce((sum, n) => sum + n, 0);
  return hebrew >= all * 0.9 ? 'windows-1255' : 'windows-1256';
}

/** The one of `,`, `;` and tab that stands most often in the first line, outside of quotes. */
export function delimiterOf(text: string): string {
  const first =
    text
      .replaceAll(/"[^"]*"/g, '')
      .split(/\r?\n/)
      .find((line) => line.trim() !== '') ?? '';
  const often = (one: string) => first.split(one).length;
  return [',', ';', '\t'].reduce((best, one) => (often(one) > often(best) ? one : best));
}

/** The rows of a file, as they are read. @throws ImportUnreadable */
export async function* readRows(path: string, { encoding, delimiter }: Dialect): AsyncGenerator<CsvRow> {
  const parser = parse({
    delimiter,
    info: true,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_MAX,
    trim: true,
  });
  const decoder = new TextDecoder(encoding, { fatal: true });
  const feed = async () => {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>)
      if (!parser.write(decoder.decode(chunk, { stream: true })))
        await new Promise((resolve) => {
          parser.once('drain', resolve);
          parser.once('close', resolve);
        });
    parser.end(decoder.decode());
  };
  const fed = feed().catch((error: unknown) => void parser.destroy(error as Error));
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { line, cells: record.slice(0, CELLS_MAX).map((cell) => cell.replaceAll('\0', '')) };
      line = info.lines + 1;
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ImportUnreadable(error.code.toLowerCase(), line);
    if (error instanceof TypeError) throw new ImportUnreadable('encoding');
    throw error;
  } finally {
    parser.destroy();
    await fed;
  }
}
