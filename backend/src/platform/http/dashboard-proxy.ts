import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

/** What this process answers itself; everything else is a page. */
const OURS = /^\/(api|socket\.io|problems)(\/|\?|$)/;

/** Shown for the seconds in which the dashboard's process starts. It needs nothing else and tries again by itself. */
const AWAY = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>Wasel</title>
<body style="font:16px system-ui;display:grid;place-items:center;min-height:90vh;color-scheme:light dark">
<p>Wasel is starting. This page tries again by itself.</p>`;

/** Fetches pages from the dashboard's process, and passes its development socket on. */
export function dashboardProxy(target: string, server: Server): RequestHandler {
  const proxy = createProxyMiddleware({
    target,
    xfwd: true,
    ws: false,
    on: {
      error: (_error, _request, response) => {
        if ('writeHead' in response && !response.headersSent) {
          (response as Response)
            .writeHead(503, {
              'content-type': 'text/html; charset=utf-8',
              'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
              'retry-after': '2',
            })
            .end(AWAY);
        } else response.destroy();
      },
    },
  });
  server.on('upgrade', (request, socket, head) => {
    const url = request.url ?? '';
    if (!OURS.test(url)) proxy.upgrade(request, socket as Socket, head);
    else if (!url.startsWith('/socket.io/')) socket.destroy(); // nobody would ever answer
  });
  return (request, response, next) => (OURS.test(request.url) ? next() : void proxy(request, response, next));
}
