import { type Constraint, loadModule, type Node, parseSync } from 'libpg-query';
import { CURES, findingsIn, type Known, nameOf, type Rule, within } from './lock-rules.ts';
import { UserFacingError } from '../lib/user-facing-error.ts';
import { isRepeated, type Migration } from './migration-files.ts';

/** Up to here nobody ran a version of this product that a migration could have kept waiting. */
const LAST_UNCHECKED = '20261121193100_session_proxies';

type Step = { statement: Node; line: number; comments: string };

/**
 * Reads migrations in their order and says, one line each, which statement would lock a table that other migrations made, and
 * how to do without. A statement that has to all the same says why: `-- allow <rule>: <reason>`, right above it.
 */
export async function checkLocks(migrations: readonly Migration[], from = LAST_UNCHECKED): Promise<string[]> {
  await loadModule();
  const known = { tables: new Set<string>(), neverNull: new Set<string>() };
  const checks = new Map<string, string>();
  return migrations.flatMap((migration) => {
    const steps = stepsOf(migration);
    const lines = migration.name > from ? check(migration, steps, known) : [];
    for (const { statement } of steps) learn(statement, known, checks);
    return lines;
  });
}

function check(migration: Migration, steps: readonly Step[], known: Known): string[] {
  return steps.flatMap(({ statement, line, comments }) => {
    const at = `${migration.name}/migration.sql:${line}`;
    const allowed = new Map(allowances(comments));
    const found = findingsIn(statement, known, steps.length === 1).filter(
      ({ rule }) =>
        !(rule === 'whole-table' && steps.length === 1 && isRepeated(migration.sql) && isLimited(statement)),
    );
    const used = new Set(found.map(({ rule }) => rule));
    return [
      ...found
        .filter(({ rule }) => !allowed.has(rule))
        .map(({ rule, table }) => `${at}: ${rule}${table ? ` (${table})` : ''}: ${CURES[rule]}`),
      ...[...allowed].flatMap(([rule, reason]) => {
        if (!used.has(rule)) return [`${at}: "allow ${rule}" allows nothing here: take it out.`];
        return reason.length < 15 ? [`${at}: "allow ${rule}" has no reason: say why nobody is kept waiting.`] : [];
      }),
    ];
  });
}

const allowances = (comments: string): [Rule, string][] =>
  [...comments.matchAll(/^\s*-- allow ([\w-]+):?(.*)$/gm)].map(([, rule = '', reason = '']) => [
    rule as Rule,
    reason.trim(),
  ]);

const isLimited = (statement: Node): boolean => within('SelectStmt', statement).some(({ limitCount }) => limitCount);

/** Statements with the comments above them. Positions are in bytes. */
function stepsOf(migration: Migration): Step[] {
  const bytes = Buffer.from(migration.sql);
  let end = 0;
  return (parse(migration).stmts ?? []).map(
    ({ stmt, stmt_location: start = 0, stmt_len: length = bytes.length - start }) => {
      const comments = bytes.subarray(end, start + length).toString();
      const leading = /^(\s|--.*\n)*/.exec(bytes.subarray(start, start + length).toString())?.[0] ?? '';
      end = start + length;
      return {
        statement: stmt as Node,
        line: bytes.subarray(0, start).toString().concat(leading).split('\n').length,
        comments,
      };
    },
  );
}

function parse({ name, sql }: Migration): ReturnType<typeof parseSync> {
  try {
    return parseSync(sql);
  } catch (cause) {
    throw new UserFacingError(`Migration ${name} is no SQL: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

/** What later migrations find. */
function learn(
  statement: Node,
  known: { tables: Set<string>; neverNull: Set<string> },
  checks: Map<string, string>,
): void {
  if ('CreateStmt' in statement && statement.CreateStmt.relation)
    known.tables.add(nameOf(statement.CreateStmt.relation));
  if ('CreateTableAsStmt' in statement && statement.CreateTableAsStmt.into?.rel)
    known.tables.add(nameOf(statement.CreateTableAsStmt.into.rel));
  if (!('AlterTableStmt' in statement) || !statement.AlterTableStmt.relation) return;
  const table = nameOf(statement.AlterTableStmt.relation);
  for (const { subtype, name, def } of within('AlterTableCmd', statement)) {
    if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def) {
      const column = columnThatIsNotNull(def.Constraint);
      if (column !== undefined) checks.set(`${table}.${def.Constraint.conname}`, `${table}.${column}`);
    }
    const proven = subtype === 'AT_ValidateConstraint' ? checks.get(`${table}.${name}`) : undefined;
    if (proven !== undefined) known.neverNull.add(proven);
  }
}

function columnThatIsNotNull({ contype, raw_expr: test }: Constraint): string | undefined {
  if (contype !== 'CONSTR_CHECK' || !test || !('NullTest' in test)) return undefined;
  if (test.NullTest.nulltesttype !== 'IS_NOT_NULL') return undefined;
  return within('String', test.NullTest.arg).at(-1)?.sval;
}
