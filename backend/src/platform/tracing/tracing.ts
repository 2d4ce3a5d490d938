/** What a span says of itself. Ids of organizations, sessions and messages; never a phone number, a name, or what was written. */
export type SpanAttributes = Readonly<Record<string, string | number | undefined>>;

/** Which side of a conversation the span is, as OpenTelemetry has it. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** A span that was begun and not ended. */
export type OpenSpan = Readonly<{
  /** Spans that begin in `work`, and in what it goes on with, are parts of this one. */
  within<T>(work: () => T): T;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** @param failure what made it fail; its class or code is told, its text is not. */
  end(failure?: unknown): void;
}>;

/** Where the time of a request, a send or a received message goes. */
export abstract class Tracing {
  /** False: nobody looks, and nothing is measured. */
  abstract readonly on: boolean;

  abstract begin(name: string, kind: SpanKind, attributes?: SpanAttributes): OpenSpan;

  /** Whether what runs now is part of a span. */
  abstract isWithinSpan(): boolean;

  /** Tells the rest; resolves when it has arrived, or will not. */
  abstract close(): Promise<void>;

  /** Runs `work` as one span; it fails when `work` does. */
  async span<T>(name: string, kind: SpanKind, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
    if (!this.on) return work();
    const span = this.begin(name, kind, attributes);
    try {
      const result = await span.within(work);
      span.end();
      return result;
    } catch (error) {
      span.end(error);
      throw error;
    }
  }
}

const NO_SPAN: OpenSpan = {
  within: (work) => work(),
  rename: () => undefined,
  set: () => undefined,
  end: () => undefined,
};

/** Where none is configured. */
export class NoTracing extends Tracing {
  readonly on = false;
  begin = (): OpenSpan => NO_SPAN;
  isWithinSpan = (): boolean => false;
  close = (): Promise<void> => Promise.resolve();
}
