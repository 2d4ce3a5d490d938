import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Heard = Readonly<{
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}>;

/** Somebody else's incoming webhook, which may misbehave. */
export class WebhookDouble {
  readonly heard: Heard[] = [];
  /** What it answers with from now on; `hang` and `close` say nothing. */
  answer: number | 'hang' | 'close' = 200;
  headers: Record<string, string> = {};
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      void text(request).then((body) => {
        this.heard.push({ method: request.method, url: request.url, headers: request.headers, body });
        this.respond(response);
      });
    });
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  url(path = '/services/T0/B0/secret'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** The bodies, as JSON. */
  get bodies(): unknown[] {
    return this.heard.map(({ body }) => JSON.parse(body) as unknown);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private respond(response: ServerResponse): void {
    if (this.answer === 'hang') return;
    if (this.answer === 'close') return void response.destroy();
    response.writeHead(this.answer, this.headers).end(this.answer === 204 ? undefined : 'ok');
  }
}
