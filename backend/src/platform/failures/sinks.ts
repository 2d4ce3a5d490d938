import type { Config } from '../../config/config.ts';
import { VERSION } from '../version.ts';
import type { Failure } from './failure.ts';
import type { FailureSink } from './failure-reports.ts';

const TIMEOUT_MS = 5_000;

/** Those that are configured; nothing is loaded for one that is not. */
export function failureSinks({ alerts, production }: Config): FailureSink[] {
  const sinks: FailureSink[] = [];
  if (alerts.slackUrl !== undefined) sinks.push(slackSink(alerts.slackUrl));
  if (alerts.sentryDsn !== undefined)
    sinks.push(sentrySink(alerts.sentryDsn, production ? 'production' : 'development'));
  return sinks;
}

/** Whatever takes `{ "text": … }` as Slack's incoming webhooks do: Slack, Mattermost, Discord with `/slack` behind its URL. */
function slackSink(url: string): FailureSink {
  return {
    send: async (failure, repeated) => {
      const { level, context, message, type, code, frames } = failure;
      const [at] = frames;
      const lines = [
        `Wasel ${level}: ${message}${context === undefined ? '' : ` (${context})`}`,
        [type, code, at && `${at.file}:${at.line}`].filter((part) => part !== undefined).join(' '),
        repeated > 0 ? `${repeated} more since it was told last` : '',
      ];
      await post(url, JSON.stringify({ text: lines.filter((line) => line !== '').join('\n') }), 'application/json');
    },
  };
}

/** Sentry's own envelopes, without its instrumentation: it would see requests and queries, which are our customers'. */
function sentrySink(dsn: string, environment: string): FailureSink {
  return {
    send: async (failure, repeated) => {
      const sentry = await import('@sentry/core');
      const to = sentry.dsnFromString(dsn);
      if (!to) throw new Error('SENTRY_DSN is none');
      const event = { ...sentryEvent(failure, repeated), event_id: sentry.uuid4(), environment };
      const envelope = sentry.serializeEnvelope(sentry.createEventEnvelope(event, to));
      await post(sentry.getEnvelopeEndpointWithUrlEncodedAuth(to), envelope, 'application/x-sentry-envelope');
    },
  };
}

const sentryEvent = ({ level, message, context, type, code, frames }: Failure, repeated: number) => ({
  platform: 'node',
  level,
  release: `wasel@${VERSION}`,
  timestamp: Date.now() / 1000,
  ...(context === undefined ? {} : { logger: context }),
  tags: { code: code ?? 'none', repeated },
  exception: {
    values: [
      {
        type: type ?? 'Error',
        value: message,
        // Sentry has the nearest last.
        stacktrace: {
          frames: frames.toReversed().map((frame) => ({
            filename: frame.file,
            function: frame.function,
            lineno: frame.line,
            in_app: !frame.file.startsWith('node'),
          })),
        },
      },
    ],
  },
});

async function post(url: string, body: string | Uint8Array, type: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : Buffer.from(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  await response.body?.cancel();
}
