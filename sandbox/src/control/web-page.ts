/** The page of phones, as files. Nothing of it comes from elsewhere, and nothing it shows can run. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { SandboxError } from '../server/sandbox-error.ts';
import type { Router } from './http.ts';

/** This file lies two levels deep, in the sources as in the build. */
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
const ASSET_NAME = /^([a-z0-9-]+)\.(js|css)$/;

export function addWebPage(router: Router): void {
  router
    .on('GET', '/', ({ response }) => send(response, `${PACKAGE}src/web/index.html`, 'text/html; charset=utf-8'))
    .on('GET', '/assets/:name', ({ params, response }) => {
      const [, name = '', extension] = ASSET_NAME.exec(params['name'] ?? '') ?? [];
      if (name === 'jsqr')
        return send(response, createRequire(import.meta.url).resolve('jsqr'), 'text/javascript; charset=utf-8');
      // The page's scripts are compiled with the rest of the package.
      if (extension === 'js') return send(response, `${PACKAGE}dist/web/${name}.js`, 'text/javascript; charset=utf-8');
      return send(response, `${PACKAGE}src/web/${name}.css`, 'text/css; charset=utf-8');
    });
}

function send(response: ServerResponse, file: string, contentType: string): void {
  if (!existsSync(file))
    throw new SandboxError('not-found', 'There is no such file. Build the package: npm run build -w @wasel/sandbox.');
  response.writeHead(200, {
    'content-type': contentType,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });
  response.end(readFileSync(file));
}
