/** Counters since the process started; `GET /stats`. */
export class Stats {
  stanzasIn = 0;
  stanzasOut = 0;
  /** Messages that the server took to relay (acked without an error). */
  messagesRelayed = 0;
  /** Messages that a phone had already: same sender, chat and id. It shows them once. */
  duplicates = 0;
  /** Messages that a phone could not decrypt, counted at every try. */
  undecryptable = 0;
  /** Frames that were no WhatsApp; each cost its sender the connection. */
  protocolViolations = 0;
  /** Stanzas that the sandbox does not know, by kind, e.g. `iq w:biz:catalog get product_catalog`. Zero in a healthy run. */
  readonly unknown: Record<string, number> = {};
  /** What clients asked, by kind, e.g. `w:g2 get participating`. */
  readonly iqs: Record<string, number> = {};

  countIq(kind: string): void {
    this.iqs[kind] = (this.iqs[kind] ?? 0) + 1;
  }

  countUnknown(kind: string): void {
    this.unknown[kind] = (this.unknown[kind] ?? 0) + 1;
  }
}
