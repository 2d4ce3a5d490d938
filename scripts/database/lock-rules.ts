import type { AlterTableCmd, Constraint, IndexStmt, Node, RangeVar } from 'libpg-query';

/** What a statement would do to those who use a table at that moment, and how to do without. */
export type Rule = keyof typeof CURES;

export const CURES = {
  'index-blocks-writes':
    'Nobody can write while it is built. Give it a migration of its own: create index concurrently if not exists <name> on …',
  'concurrently-alone':
    'It runs outside of a transaction, so it stands alone in its migration, as: create|drop index concurrently if [not] exists <name> …',
  'not-valid-first':
    'Every row is checked while nobody can write. Add the constraint "not valid", and "validate constraint" in a later migration, which locks nobody out.',
  'validate-alone':
    'It reads the whole table while the locks of the other statements are held. Give it a migration of its own.',
  'unique-by-index':
    'Its index is built while nobody can read or write. Build it first with "create unique index concurrently", then "add constraint … using index".',
  'rewrites-table':
    'The whole table is written anew while nobody can read or write. Add a second column, write both, fill it in batches, then read it.',
  'volatile-default':
    'The default differs from row to row, so the whole table is written anew. Add the column without it, "set default" for new rows, and fill the older ones in batches.',
  'not-null':
    'Every row is looked at while nobody can read or write. Add a check (<column> is not null) "not valid", validate it in a later migration, and set not null after that one: then Postgres believes the check.',
  'waits-for-all': 'Whoever uses the table waits until the migration is over. Do without the lock.',
  'whole-table':
    'It locks rows until the last one is done, and is lost whole when it fails. Give it a migration of its own that begins with "-- repeat until nothing is left" and takes some thousand rows at a time (where id in (select … limit 5000)).',
  'breaks-running-version':
    'During a deploy the version before still runs and still uses it. First release a version that does not; take it away with the next one, and say so in an "allow".',
  unreadable: 'What it does cannot be read from its text. Write plain statements.',
} as const;

export type Finding = { rule: Rule; table: string };

/** What earlier migrations left, as far as it matters here. */
export type Known = {
  tables: ReadonlySet<string>;
  /** `table.column` for which a check that it is not null was validated in an earlier migration. */
  neverNull: ReadonlySet<string>;
};

/** Of these, a default is worked out once for all rows. */
const STABLE = new Set(['now', 'transaction_timestamp', 'statement_timestamp', 'current_setting', 'lower', 'upper']);
const REWRITING = new Set([
  'AT_AlterColumnType',
  'AT_SetAccessMethod',
  'AT_SetTableSpace',
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetExpression',
  'AT_AddIdentity',
]);

export const nameOf = ({ schemaname, relname }: RangeVar): string => `${schemaname ?? 'public'}.${relname ?? ''}`;

/** Every node of a kind within another one, however deep. */
export function within<Kind extends string>(kind: Kind, node: unknown): Extract<Node, Record<Kind, unknown>>[Kind][] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...(key === kind ? [value as Extract<Node, Record<Kind, unknown>>[Kind]] : []),
    ...within(kind, value),
  ]);
}

/** @param alone whether the migration has no other statement */
export function findingsIn(statement: Node, known: Known, alone: boolean): Finding[] {
  const found: Finding[] = [];
  const say = (rule: Rule, relation: RangeVar | undefined) => {
    const table = relation && nameOf(relation);
    if (table !== undefined && known.tables.has(table)) found.push({ rule, table });
  };
  if ('IndexStmt' in statement) index(statement.IndexStmt, alone, say);
  if ('AlterTableStmt' in statement) {
    const { relation, cmds = [] } = statement.AlterTableStmt;
    for (const { AlterTableCmd: command } of cmds as { AlterTableCmd: AlterTableCmd }[])
      for (const rule of rulesOf(command, relation && nameOf(relation), known, alone)) say(rule, relation);
  }
  if ('RenameStmt' in statement && ['OBJECT_COLUMN', 'OBJECT_TABLE'].includes(statement.RenameStmt.renameType ?? ''))
    say('breaks-running-version', statement.RenameStmt.relation);
  if ('DropStmt' in statement) {
    const { removeType, concurrent, objects = [], missing_ok: ifExists } = statement.DropStmt;
    for (const object of removeType === 'OBJECT_TABLE' ? objects : []) {
      const names = within('String', object).map(({ sval }) => sval ?? '');
      say('breaks-running-version', { relname: names.at(-1) ?? '', schemaname: names.at(-2) ?? 'public' });
    }
    if (concurrent === true && !(alone && ifExists === true)) found.push({ rule: 'concurrently-alone', table: '' });
  }
  if ('LockStmt' in statement) for (const one of within('RangeVar', statement)) say('waits-for-all', one);
  if ('TruncateStmt' in statement) for (const one of within('RangeVar', statement)) say('waits-for-all', one);
  if ('RefreshMatViewStmt' in statement || 'VacuumStmt' in statement || 'ClusterStmt' in statement)
    for (const one of within('RangeVar', statement)) say('waits-for-all', one);
  for (const { relation } of [...within('UpdateStmt', statement), ...within('DeleteStmt', statement)])
    say('whole-table', relation);
  if (('DoStmt' in statement || 'CallStmt' in statement) && known.tables.size > 0)
    found.push({ rule: 'unreadable', table: '' });
  return found;
}

type Say = (rule: Rule, relation: RangeVar | undefined) => void;

function index(
  { concurrent, relation, idxname, if_not_exists: ifNotExists }: IndexStmt,
  alone: boolean,
  say: Say,
): void {
  if (concurrent !== true) say('index-blocks-writes', relation);
  else if (!alone || idxname === undefined || ifNotExists !== true) say('concurrently-alone', relation);
}

function rulesOf({ subtype, name, def }: AlterTableCmd, table = '', known: Known, alone: boolean): Rule[] {
  if (subtype === 'AT_AddColumn') return columnRules(def);
  if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def) return constraintRules(def.Constraint);
  if (subtype === 'AT_ValidateConstraint') return alone ? [] : ['validate-alone'];
  if (subtype === 'AT_SetNotNull') return known.neverNull.has(`${table}.${name}`) ? [] : ['not-null'];
  if (subtype === 'AT_DropColumn') return ['breaks-running-version'];
  if (subtype === 'AT_AttachPartition') return ['not-valid-first'];
  return REWRITING.has(subtype ?? '') ? ['rewrites-table'] : [];
}

function constraintRules({ contype, skip_validation: notValid, indexname }: Constraint): Rule[] {
  if (contype === 'CONSTR_CHECK' || contype === 'CONSTR_FOREIGN') return notValid === true ? [] : ['not-valid-first'];
  if (contype === 'CONSTR_NOTNULL') return notValid === true ? [] : ['not-null'];
  if (contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_EXCLUSION')
    return indexname === undefined ? ['unique-by-index'] : [];
  return [];
}

function columnRules(definition: Node | undefined): Rule[] {
  const [constraints, rules] = [within('Constraint', definition), new Set<Rule>()];
  const kinds = new Set(constraints.map(({ contype }) => contype));
  const types = within('String', (definition as { ColumnDef?: { typeName?: unknown } }).ColumnDef?.typeName);
  if (types.some(({ sval }) => /serial\d?$/.test(sval ?? ''))) rules.add('volatile-default');
  for (const constraint of constraints) {
    const { contype, generated_kind: kind, raw_expr: value } = constraint;
    if (contype === 'CONSTR_IDENTITY' || (contype === 'CONSTR_GENERATED' && kind !== 'v')) rules.add('rewrites-table');
    if (contype === 'CONSTR_DEFAULT' && !within('FuncCall', value).every(isStable)) rules.add('volatile-default');
    if (contype === 'CONSTR_NOTNULL' && !kinds.has('CONSTR_DEFAULT')) rules.add('not-null');
    else if (contype !== 'CONSTR_NOTNULL') for (const rule of constraintRules(constraint)) rules.add(rule);
  }
  return [...rules];
}

const isStable = ({ funcname = [] }: { funcname?: Node[] }): boolean =>
  STABLE.has(within('String', funcname).at(-1)?.sval ?? '');
