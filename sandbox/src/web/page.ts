/** The page of phones: three files as they lie beside this one, served to this machine only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call, Router } from '../control/http.ts';

const FILES = [
  ['/', 'phones.html', 'text/html; charset=utf-8'],
  ['/phones.css', 'phones.css', 'text/css; charset=utf-8'],
  ['/phones.js', 'phones.js', 'text/javascript; charset=utf-8'],
] as const;

/** From the sources, whether this runs compiled or not: the files need no build. */
const FOLDER = join(import.meta.dirname, import.meta.dirname.includes(join('sandbox', 'dist')) ? '../../src/web' : '.');

export function addPage(router: Router): void {
  for (const [path, file, type] of FILES) {
    const content = readFileSync(join(FOLDER, file));
    router.on('GET', path, ({ response }: Call) => {
      response.setHeader('content-type', type);
      response.setHeader(
        'content-security-policy',
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'",
      );
      response.end(content);
    });
  }
}
