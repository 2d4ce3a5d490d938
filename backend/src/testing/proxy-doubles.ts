import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Who may go through; a proxy without one lets everybody. */
type Account = Readonly<{ user: string; password: string }>;

/** A proxy that a test runs: it knows where it was asked to connect to, may refuse, and may be dead for a while. */
export abstract class ProxyDouble {
  /** `host:port`, as they were asked for: a name that was resolved before does not show up here. */
  readonly targets: string[] = [];
  refusing = false;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(
    private readonly scheme: string,
    protected readonly account?: Account,
  ) {}

  protected abstract serve(): Server;

  /** At the port where it was before, if it was. */
  async start(): Promise<this> {
    this.server = this.serve();
    this.server.on('connection', (socket: Socket) => this.keep(socket));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** Cuts everything that goes through it. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  url(account: Account | undefined = this.account): string {
    return `${this.scheme}://${account ? `${account.user}:${account.password}@` : ''}127.0.0.1:${this.port}`;
  }

  /** Lets a client through; `answer` says so to him. */
  protected tunnel(client: Socket, host: string, port: number, answer: () => void): void {
    this.targets.push(`${host}:${port}`);
    const target = connect(port, host, () => {
      answer();
      target.pipe(client);
      client.pipe(target);
    });
    this.keep(target);
    target.on('close', () => client.destroy());
    client.on('close', () => target.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
  }
}

/** HTTP CONNECT (RFC 9110), with Basic authentication. */
export class ConnectProxy extends ProxyDouble {
  constructor(account?: Account) {
    super('http', account);
  }

  protected serve(): Server {
    return createHttpServer().on('connect', (request, client: Socket) => {
      const { account } = this;
      const wanted = account && `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`;
      if (this.refusing) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      if (wanted && request.headers['proxy-authorization'] !== wanted)
        return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const { hostname, port } = new URL(`http://${request.url}`);
      this.tunnel(client, hostname, Number(port), () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
    });
  }
}

const IPV4 = 1;
const NAME = 3;

/** SOCKS 5 (RFC 1928) with user and password (RFC 1929). Each message of a client comes in one piece, as clients here send it. */
export class SocksProxy extends ProxyDouble {
  constructor(account?: Account) {
    super('socks5', account);
  }

  protected serve(): Server {
    return createServer((client) => {
      client.once('data', () => {
        client.write(Buffer.from([5, this.account ? 2 : 0]));
        client.once('data', (message: Buffer) =>
          this.account ? this.authenticate(client, message) : this.ask(client, message),
        );
      });
    });
  }

  private authenticate(client: Socket, message: Buffer): void {
    const userEnd = 2 + (message[1] ?? 0);
    const user = message.subarray(2, userEnd).toString();
    const password = message.subarray(userEnd + 1).toString();
    if (user !== this.account?.user || password !== this.account.password) return void client.end(Buffer.from([1, 1]));
    client.write(Buffer.from([1, 0]));
    client.once('data', (next: Buffer) => this.ask(client, next));
  }

  private ask(client: Socket, message: Buffer): void {
    const reply = (code: number) => Buffer.from([5, code, 0, IPV4, 0, 0, 0, 0, 0, 0]);
    if (this.refusing) return void client.end(reply(2)); // not allowed by ruleset
    const host =
      message[3] === NAME
        ? message.subarray(5, 5 + (message[4] ?? 0)).toString()
        : [...message.subarray(4, 8)].join('.');
    this.tunnel(client, host, message.readUInt16BE(message.length - 2), () => client.write(reply(0)));
  }
}
