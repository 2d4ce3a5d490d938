import type pg from 'pg';
import type { Tracing } from './tracing.ts';

const TEXT_MAX = 1_000;

type Query = (...args: unknown[]) => unknown;

/**
 * A span for each statement that is part of another one; what nodes do by themselves every few seconds is in the metrics. Its
 * text goes along with `?` for each literal; values never do.
 */
export function tracePool(pool: pg.Pool, tracing: Tracing): pg.Pool {
  if (!tracing.on) return pool;
  const connect = pool.connect.bind(pool) as Query;
  const traced = {
    query: trace(pool.query.bind(pool) as Query, tracing),
    // The pool itself asks with a callback, for its own `query`.
    connect: async (...callback: unknown[]): Promise<unknown> => {
      if (callback.length > 0) return connect(...callback);
      const client = (await connect()) as pg.PoolClient;
      const release = client.release.bind(client);
      const mutable = client as { query?: unknown };
      mutable.query = trace(client.query.bind(client) as Query, tracing);
      client.release = (error) => {
        delete mutable.query; // the prototype's own comes back
        release(error);
      };
      return client;
    },
  };
  return Object.assign(pool, traced);
}

const trace =
  (query: Query, tracing: Tracing): Query =>
  (...args) => {
    if (!tracing.isWithinSpan()) return query(...args);
    const { name, text } = statementOf(args[0]);
    const operation = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? 'statement';
    const span = tracing.begin(name ?? operation, 'client', {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      'db.query.text': withoutLiterals(text).slice(0, TEXT_MAX),
    });
    const answer = span.within(() => query(...args));
    if (!(answer instanceof Promise)) {
      span.end(); // a cursor or a stream, which tells its reader when it is over
      return answer;
    }
    return answer.then(
      (result: unknown) => {
        span.end();
        return result;
      },
      (error: unknown) => {
        span.end(error);
        throw error;
      },
    );
  };

function statementOf(statement: unknown): { name: string | undefined; text: string } {
  if (typeof statement === 'string') return { name: undefined, text: statement };
  const { name, text } = (statement ?? {}) as { name?: unknown; text?: unknown };
  return { name: typeof name === 'string' ? name : undefined, text: typeof text === 'string' ? text : '' };
}

/** Ours have parameters; whatever stands between quotes all the same does not leave. */
export const withoutLiterals = (sql: string): string =>
  sql
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, '?')
    .replace(/\be'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'/gi, '?')
    .replace(/\s+/g, ' ')
    .trim();
