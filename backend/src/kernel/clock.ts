/** Time as the product sees it. Whatever waits or compares times takes a clock, so that its tests move time instead of waiting. */
export abstract class Clock {
  abstract now(): Date;

  /** Milliseconds on a clock that never jumps; only differences have a meaning. */
  abstract monotonicMs(): number;

  /** Calls `work` once after `ms`. @returns a function that takes it back. */
  abstract setTimeout(work: () => void, ms: number): () => void;

  pause(ms: number): Pause {
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      const cancel = this.setTimeout(resolve, ms);
      end = () => {
        cancel();
        resolve();
      };
    });
    return { over, end };
  }
}

/** A wait: over after its time, or when somebody ends it. */
export type Pause = Readonly<{ over: Promise<void>; end: () => void }>;

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  monotonicMs(): number {
    return performance.now();
  }

  setTimeout(work: () => void, ms: number): () => void {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  }
}
