import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Logger } from '@nestjs/common';
import type { Response } from 'express';

const log = new Logger('CsvExport');

/** Streams lines of CSV as a file. Broken off rather than ended where it fails: half of a list must not look like all of it. */
export async function sendCsv(
  response: Response,
  fileName: string,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  response.set({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  });
  await pipeline(Readable.from(lines), response).catch((error: unknown) => {
    log.warn({ error: String(error) }, 'an export broke off');
    response.destroy();
  });
}
