import { Agent } from 'node:https';
import { Injectable, Logger } from '@nestjs/common';
import { DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys';
import { z } from 'zod';
import { Config } from '../../../config/config.ts';
import { prepareProcess, trustRoot } from './baileys-process.ts';

/** Where WhatsApp is, and whom to believe there. */
export type Endpoint = Readonly<{
  webSocketUrl: string;
  /** For files, over https. Undefined: the system's own certificates. */
  mediaAgent: Agent | undefined;
  /** The authority behind the media server, where it is not one of the system's. */
  mediaCa?: string;
}>;

const Trust = z.object({
  waWebSocketUrl: z.string(),
  rootPublicKey: z.string().regex(/^[0-9a-f]{64}$/),
  mediaCa: z.string(),
});

/**
 * WhatsApp itself, or the sandbox when its URL is configured. The trust root belongs to the process: one that has asked the
 * sandbox never reaches WhatsApp, and one that reaches WhatsApp has never asked a sandbox.
 */
@Injectable()
export class WhatsAppEndpoint {
  private readonly log = new Logger(WhatsAppEndpoint.name);
  private resolved: Endpoint | undefined;

  constructor(private readonly config: Config) {}

  /** @throws when the sandbox does not answer; the next call asks again */
  async resolve(): Promise<Endpoint> {
    if (this.resolved) return this.resolved;
    const { sandboxUrl } = this.config.whatsapp;
    prepareProcess();
    this.resolved = sandboxUrl ? await this.sandbox(sandboxUrl) : live();
    return this.resolved;
  }

  private async sandbox(url: string): Promise<Endpoint> {
    const response = await fetch(`${url}/trust`, { signal: AbortSignal.timeout(5_000) });
    const trust = Trust.parse(await response.json());
    trustRoot(Buffer.from(trust.rootPublicKey, 'hex'));
    this.log.warn({ url }, 'numbers of this process live in the sandbox');
    const { mediaCa } = trust;
    return { webSocketUrl: trust.waWebSocketUrl, mediaAgent: new Agent({ ca: mediaCa, keepAlive: true }), mediaCa };
  }
}

const live = (): Endpoint => ({
  webSocketUrl: String(DEFAULT_CONNECTION_CONFIG.waWebSocketUrl),
  mediaAgent: undefined,
});
