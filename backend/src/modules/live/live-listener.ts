import { type FactCursor, isAfter } from '../../platform/facts/fact-cursor.ts';
import type { LiveFact } from './live.rules.ts';

/** One client: is told each fact once, in order, whatever arrives while it is still being told what it missed. */
export class LiveListener {
  private told: FactCursor | undefined;
  private readonly waiting: LiveFact[] = [];

  constructor(private readonly emit: (fact: LiveFact) => void) {}

  tell(fact: LiveFact): void {
    if (this.told === undefined) this.waiting.push(fact);
    else if (isAfter(fact.cursor, this.told)) {
      this.told = fact.cursor;
      this.emit(fact);
    }
  }

  /**
   * Ends the wait. What happened up to `from` the client knows, though this node may be told of it only now: another
   * node, or the log itself, can be ahead.
   */
  resume(from: FactCursor, missed: readonly LiveFact[]): void {
    this.told = from;
    for (const fact of [...missed, ...this.waiting.splice(0)]) this.tell(fact);
  }
}
