import { type Sandbox, type SandboxOptions, startSandbox } from '@wasel/sandbox';
import { ApiClient } from '../../../testing/house/api-client.ts';
import { SandboxClient } from '../../../testing/house/sandbox-client.ts';
import { until } from '../../../testing/until.ts';
import { type Override, startApi, type TestApi } from './start-api.ts';

export type WireOptions = Pick<SandboxOptions, 'addressing'> & {
  override?: Override;
  /** Further settings of the application. */
  settings?: Record<string, string>;
};

/** A linked number: its session, and the virtual phone that it is on. */
export type WireNumber = Readonly<{ session: string; phone: string }>;

/** The real application linked to a real sandbox, both in this process, with somebody who owns the numbers. */
export class Wire {
  private constructor(
    readonly sandbox: Sandbox,
    readonly app: TestApi,
    readonly phones: SandboxClient,
    readonly api: ApiClient,
  ) {}

  static async start({ addressing = 'lid', override, settings = {} }: WireOptions = {}): Promise<Wire> {
    const sandbox = await startSandbox({ addressing });
    const env = {
      WHATSAPP_SANDBOX_URL: sandbox.url,
      OUTBOX_MAX_PER_MINUTE: '1000000',
      OUTBOX_MIN_GAP_MS: '0',
      DATABASE_POOL_MAX: '20', // tests look again and again, which people do not
      LOG_LEVEL: 'silent',
      ...settings,
    };
    const app = await startApi(env, override);
    return new Wire(sandbox, app, new SandboxClient(sandbox.url), await new ApiClient(app.url).register());
  }

  /** Creates a session and has a new virtual phone scan its QR code. */
  async link(name = 'Shop'): Promise<WireNumber> {
    const phone = await this.phones.createPhone({ name });
    const { id: session, qr } = await this.api.createWithQr(name);
    await this.phones.call('POST', `/phones/${phone}/scan`, { qr });
    await this.connected(session);
    return { session, phone };
  }

  async connected(session: string): Promise<void> {
    await until(`${session} to be connected`, async () => (await this.api.session(session)).state === 'connected', {
      timeoutMs: 90_000,
    });
  }

  /** What a customer's phone shows of a number's messages, in the order in which they came. */
  async textsOnPhone(customer: string, number: WireNumber): Promise<string[]> {
    const messages = await this.phones.messages(customer, number.phone);
    return messages.flatMap(({ direction, text }) => (direction === 'in' ? [text ?? ''] : []));
  }

  /** What the product shows as received by a number. */
  async textsReceived({ session }: WireNumber): Promise<string[]> {
    const messages = await this.api.messages(session);
    return messages.flatMap(({ direction, text }) => (direction === 'inbound' ? [text ?? ''] : []));
  }

  async close(): Promise<void> {
    const judge = await this.phones.lastLook();
    await this.app.close();
    await this.sandbox.close();
    judge();
  }
}

/** A WhatsApp message id that belongs to a text. */
export const whatsAppIdOf = (text: string): string =>
  `3A${Buffer.from(text).toString('hex').toUpperCase().slice(0, 60)}`;
