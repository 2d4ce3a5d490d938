import type { Clock } from '../../../kernel/clock.ts';
import type { ConnectionListener } from './connection-options.ts';

/** How long WhatsApp lets a QR code live: the first longer than those after it (Baileys' socket.js). */
const QR_FIRST_MS = 60_000;
const QR_NEXT_MS = 20_000;

/** What a phone is shown while it is linked: QR codes, one after the other, or one pairing code. */
export class LinkCodes {
  private shown = 0;

  constructor(
    private readonly listener: Pick<ConnectionListener, 'qr' | 'pairingCode'>,
    private readonly clock: Clock,
    /** E.164; null: a QR code is shown. */
    private readonly pairingPhone: string | null,
    private readonly requestPairingCode: (digits: string) => Promise<string>,
    private readonly failed: (error: Error) => void,
  ) {}

  onQr(qr: string): void {
    this.shown += 1;
    if (!this.pairingPhone) {
      const lifeMs = this.shown === 1 ? QR_FIRST_MS : QR_NEXT_MS;
      return this.listener.qr(qr, new Date(this.clock.now().getTime() + lifeMs));
    }
    if (this.shown > 1) return;
    this.requestPairingCode(this.pairingPhone.slice(1)).then(
      (code) => this.listener.pairingCode(code),
      (error: unknown) => this.failed(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
