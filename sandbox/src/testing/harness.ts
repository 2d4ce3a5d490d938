/** One sandbox, its control client and the Baileys clients of a test, ended together. */
import { type Sandbox, type SandboxOptions, startSandbox } from '../index.ts';
import { BaileysClient, type ClientOptions } from './baileys-client.ts';
import { SandboxControl } from './sandbox-control.ts';

export class Harness {
  readonly sandbox: Sandbox;
  readonly control: SandboxControl;
  readonly #clients: BaileysClient[] = [];

  constructor(sandbox: Sandbox, control: SandboxControl) {
    this.sandbox = sandbox;
    this.control = control;
  }

  static async start(options: SandboxOptions = {}): Promise<Harness> {
    const sandbox = await startSandbox(options);
    return new Harness(sandbox, await new SandboxControl(sandbox.url).follow());
  }

  client(options: Partial<ClientOptions> = {}): BaileysClient {
    const client = new BaileysClient({ trust: this.sandbox.trust, ...options });
    this.#clients.push(client);
    return client;
  }

  /** A new phone's number. */
  async phone(options: object = {}): Promise<string> {
    return (await this.control.createPhone(options)).phone;
  }

  /** A device linked to `phone`, open and settled. */
  async linked(phone: string, options: Partial<ClientOptions> = {}): Promise<BaileysClient> {
    const client = await this.client(options).connect((qr) => this.control.scan(phone, qr));
    await client.settled();
    return client;
  }

  async close(): Promise<void> {
    this.control.close();
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.sandbox.close();
  }
}
