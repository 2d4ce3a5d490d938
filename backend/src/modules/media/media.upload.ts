import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { MediaMissing } from './media.errors.ts';

/** The field of the form that carries the file. */
const FIELD = 'file';

/**
 * Hands the file of a multipart request to `take` as it arrives, and answers as `take` does. When the client goes away the
 * stream fails; when `take` fails the rest of the request is read and thrown away, so that the client hears the answer.
 * @throws MediaMissing when the request is no form with a file, or ends before the form does
 */
export function readUpload<T>(
  request: Request,
  take: (content: Readable, fileName: string | undefined) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const form = formOf(request);
    let taken: Promise<void> | undefined;
    let file: Readable | undefined;
    const fail = (error: unknown) => {
      request.unpipe(form);
      request.resume();
      reject(form.errored ? new MediaMissing({ cause: form.errored }) : asError(error));
    };
    form.on('file', (field, content, { filename }) => {
      if (field === FIELD && !taken) {
        file = content;
        taken = take(content, filename).then(resolve, fail);
      } else content.resume();
    });
    // What was taken of the file is cleared away before the answer, by whoever took it.
    form.on('error', (error) => (file && !file.readableEnded ? file.destroy(asError(error)) : fail(error)));
    form.on('close', () => {
      if (!taken) fail(new MediaMissing());
    });
    request.once('close', () => breakOff(request, form));
    request.pipe(form);
    if (request.destroyed) breakOff(request, form); // while the caller was being recognised
  });
}

/** @throws MediaMissing when the headers announce no form */
function formOf(request: Request): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, limits: { parts: 20 }, defParamCharset: 'utf8' });
  } catch (cause) {
    throw new MediaMissing({ cause });
  }
}

function breakOff(request: Request, form: busboy.Busboy): void {
  if (!request.complete) form.destroy(new Error('the upload was broken off'));
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
