import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Logger } from '@nestjs/common';
import type { Response } from 'express';

const log = new Logger('Export');

type Lines = Iterable<string> | AsyncIterable<string>;

/** Streams lines of CSV as a file. */
export const sendCsv = (response: Response, fileName: string, lines: Lines): Promise<void> =>
  sendAs(response, 'text/csv; charset=utf-8', fileName, lines);

/** Streams one JSON array as a file, an element a line. @param pages of elements */
export const sendJson = (
  response: Response,
  fileName: string,
  pages: AsyncIterable<readonly unknown[]>,
): Promise<void> => sendAs(response, 'application/json; charset=utf-8', fileName, arrayOf(pages));

async function* arrayOf(pages: AsyncIterable<readonly unknown[]>): AsyncIterable<string> {
  let before = '[\n';
  for await (const page of pages) {
    yield page.length > 0 ? before + page.map((element) => JSON.stringify(element)).join(',\n') : '';
    if (page.length > 0) before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** Broken off rather than ended where it fails: half of a list must not look like all of it. */
async function sendAs(response: Response, type: string, fileName: string, lines: Lines): Promise<void> {
  response.set({
    'content-type': type,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  });
  await pipeline(Readable.from(lines), response).catch((error: unknown) => {
    log.warn({ error: String(error) }, 'an export broke off');
    response.destroy();
  });
}
