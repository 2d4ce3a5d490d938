import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What somebody posted. */
export type Posted = { path: string; type: string | undefined; body: string };

/** An outside service that takes what is posted to it; it can be slow and it can fail. */
export class Collector {
  readonly posted: Posted[] = [];
  /** What it answers; undefined: nothing, ever. */
  status: number | undefined = 200;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => {
        body += data.toString();
      });
      request.on('end', () => {
        this.posted.push({ path: request.url ?? '', type: request.headers['content-type'], body });
        if (this.status !== undefined) response.writeHead(this.status).end('ok');
      });
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
