import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** A request that this receiver took for ours: its signature holds. */
export type ToldEvent = Readonly<{
  id: string;
  headers: IncomingHttpHeaders;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
  raw: string;
}>;

/** `hang` never answers, `close` ends the line, `cut` ends it within its answer. */
export type Behaviour = number | 'hang' | 'close' | 'cut';

/** A customer's server: it verifies every request as the library of Standard Webhooks does, and may misbehave. */
export class WebhookReceiver {
  /** Requests whose signature holds for one of `secrets`; those that do not are `forged`. */
  readonly told: ToldEvent[] = [];
  forged = 0;
  secrets: string[] = [];
  answer: Behaviour | ((event: ToldEvent) => Behaviour) = 200;
  headers: Record<string, string> = {};
  says = 'ok';
  /** How many requests were at work at once, at most. */
  mostAtOnce = 0;
  private atOnce = 0;
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      this.mostAtOnce = Math.max(this.mostAtOnce, (this.atOnce += 1));
      response.once('close', () => (this.atOnce -= 1));
      void text(request).then((raw) => this.receive(request.headers, raw, response));
    });
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  url(host = '127.0.0.1'): string {
    return `http://${host}:${this.port}/hooks/wasel`;
  }

  /** Whether a secret signed a request. */
  signedBy(event: ToldEvent, secret: string): boolean {
    try {
      new Webhook(secret).verify(event.raw, event.headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private receive(headers: IncomingHttpHeaders, raw: string, response: ServerResponse): void {
    const event = { id: String(headers['webhook-id']), headers, raw, body: JSON.parse(raw) as ToldEvent['body'] };
    if (!this.secrets.some((secret) => this.signedBy(event, secret))) {
      this.forged += 1;
      return void response.writeHead(401).end();
    }
    this.told.push(event);
    const how = typeof this.answer === 'function' ? this.answer(event) : this.answer;
    if (how === 'hang') return;
    if (how === 'close') return void response.destroy();
    if (how === 'cut') {
      response.writeHead(200, { 'content-length': '1000' });
      return void response.write('half', () => response.destroy());
    }
    response.writeHead(how, this.headers).end(how === 204 ? undefined : this.says);
  }
}
