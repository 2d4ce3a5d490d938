import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** How the double treats whoever comes: `hang` says nothing after the recipient, `accept-and-drop` takes it and never says so. */
export type SmtpMood = 'accept' | 'refuse-for-now' | 'refuse-recipient' | 'hang' | 'accept-and-drop';

export type ReceivedMail = Readonly<{ to: string[]; raw: string }>;

/** A mail server with moods. */
export class SmtpDouble {
  mood: SmtpMood = 'accept';
  readonly received: ReceivedMail[] = [];
  /** How often somebody came with a mail. */
  attempts = 0;
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 100,
    onMailFrom: (_address, _session, done) => {
      this.attempts += 1;
      done(this.mood === 'refuse-for-now' ? problem(451, 'try again later') : null);
    },
    onRcptTo: (_address, _session, done) => {
      if (this.mood !== 'hang') done(this.mood === 'refuse-recipient' ? problem(550, 'no such mailbox') : null);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        this.received.push({ to, raw: Buffer.concat(chunks).toString() });
        if (this.mood !== 'accept-and-drop') done();
      });
    },
  });

  async start(): Promise<string> {
    this.server.on('error', () => undefined); // a client that gives up breaks its line
    const listening = once(this.server.server, 'listening');
    this.server.listen(0, '127.0.0.1');
    await listening;
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

const problem = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });
