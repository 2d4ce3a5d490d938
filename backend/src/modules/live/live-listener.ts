import type { Socket } from 'socket.io';
import { type FactCursor, isAfter, type StoredFact } from '../../platform/facts/facts-follower.ts';

/** One client: is told each fact once, in order, whatever arrives while it is still being told what it missed. */
export class LiveListener {
  private told: FactCursor = '0-0';
  private waiting: StoredFact[] | undefined = [];

  constructor(private readonly socket: Socket) {}

  tell(fact: StoredFact): void {
    if (this.waiting) this.waiting.push(fact);
    else if (isAfter(fact.cursor, this.told)) this.emit(fact);
  }

  /** What it missed; from here on it is told things as they happen. */
  resume(missed: readonly StoredFact[]): void {
    const { waiting = [] } = this;
    this.waiting = undefined;
    for (const fact of [...missed, ...waiting]) this.tell(fact);
  }

  private emit(fact: StoredFact): void {
    this.told = fact.cursor;
    this.socket.emit(fact.type, { ...fact.payload, cursor: fact.cursor });
  }
}
