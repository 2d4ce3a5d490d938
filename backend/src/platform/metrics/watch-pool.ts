import type pg from 'pg';
import type { Metrics } from './metrics.ts';

/** Measures how long whoever asks a pool waits for a connection, and how long its named statements take. */
export function watchPool(pool: pg.Pool, name: string, metrics: Metrics): pg.Pool {
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => unknown;
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  const measured = {
    // The pool itself asks with a callback, everybody else for a promise.
    connect: (callback?: (...args: unknown[]) => void): unknown => {
      const done = metrics.poolWaits.startTimer({ pool: name });
      if (callback) {
        return connect((...args: unknown[]) => {
          done();
          callback(...args);
        });
      }
      return (connect() as Promise<pg.PoolClient>).finally(() => done());
    },
    query: (statement: unknown, ...rest: unknown[]): unknown => {
      const answer = query(statement, ...rest);
      const named =
        typeof statement === 'object' && statement !== null && 'name' in statement ? statement.name : undefined;
      if (typeof named !== 'string' || !(answer instanceof Promise)) return answer;
      const done = metrics.statements.startTimer({ name: named });
      return answer.finally(() => done());
    },
  };
  metrics.watch(`wasel_db_pool_${name}_connections`, 'Open connections of the pool', () => pool.totalCount);
  metrics.watch(`wasel_db_pool_${name}_waiting`, 'Who waits for a connection of the pool now', () => pool.waitingCount);
  return Object.assign(pool, measured);
}
