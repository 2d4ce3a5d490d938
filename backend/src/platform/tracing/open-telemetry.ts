import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import { type Context, ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Config } from '../../config/config.ts';
import { VERSION } from '../version.ts';
import { type OpenSpan, type SpanAttributes, type SpanKind, Tracing } from './tracing.ts';

/** Longest wait for the collector when the process ends. */
const CLOSE_MAX_MS = 3_000;

const KINDS: Record<SpanKind, Kind> = {
  internal: Kind.INTERNAL,
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
};

/**
 * Spans by OpenTelemetry's SDK, which reads the standard OTEL_ variables (endpoint, headers, sampler, queue) by itself. Nothing
 * is registered globally: libraries that would trace themselves then know nothing of it, and only what this product says of
 * itself leaves the house.
 */
export class OpenTelemetryTracing extends Tracing {
  readonly on = true;
  private readonly running = new AsyncLocalStorage<Context>();
  private readonly tracer: Tracer;
  private readonly provider: BasicTracerProvider;

  private constructor(exporter: SpanExporter, node: string, environment: string) {
    super();
    this.provider = new BasicTracerProvider({
      resource: defaultResource()
        .merge(
          resourceFromAttributes({
            'service.name': 'wasel',
            'service.version': VERSION,
            'service.instance.id': node,
            'deployment.environment.name': environment,
          }),
        )
        .merge(detectResources({ detectors: [envDetector] })),
      // Its queue is bounded: what finds no room is dropped, and nobody waits.
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    this.tracer = this.provider.getTracer('wasel', VERSION);
  }

  /** @param node names this process among those that tell of the same service */
  static async start(tracing: NonNullable<Config['tracing']>, node: string, environment: string): Promise<Tracing> {
    const { OTLPTraceExporter } =
      tracing.protocol === 'http/json'
        ? await import('@opentelemetry/exporter-trace-otlp-http')
        : await import('@opentelemetry/exporter-trace-otlp-proto');
    return new OpenTelemetryTracing(outspoken(new OTLPTraceExporter()), node, environment);
  }

  begin(name: string, kind: SpanKind, attributes: SpanAttributes = {}): OpenSpan {
    const parent = this.running.getStore() ?? ROOT_CONTEXT;
    const span = this.tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, parent);
    return {
      within: (work) => this.running.run(trace.setSpan(parent, span), work),
      rename: (to) => void span.updateName(to),
      set: (more) => void span.setAttributes({ ...more }),
      end: (failure) => {
        if (failure !== undefined) {
          span.setAttribute('error.type', typeOf(failure));
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      },
    };
  }

  isWithinSpan(): boolean {
    return this.running.getStore() !== undefined;
  }

  async close(): Promise<void> {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MAX_MS).unref());
    await Promise.race([this.provider.shutdown().catch(() => undefined), limit]);
  }
}

/** An error's code, or its class. */
function typeOf(failure: unknown): string {
  if (typeof failure === 'string') return failure;
  if (!(failure instanceof Error)) return 'unknown';
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.constructor.name;
}

/** Says once that traces are lost, and once that they arrive again. */
function outspoken(exporter: SpanExporter): SpanExporter {
  const log = new Logger('Tracing');
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = (result.code as number) !== 0;
        if (failed && !failing) log.warn({ error: result.error?.message }, 'traces do not reach the collector');
        if (!failed && failing) log.log({}, 'traces reach the collector again');
        failing = failed;
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
