/** What was taken from somebody, and what of it is where it belongs; of one conversation, in one direction. */
export type Account = Readonly<{
  name: string;
  /** Ids in the order in which they were taken. */
  taken: readonly string[];
  /** Ids in the order in which they lie at the other side. */
  arrived: readonly string[];
  /** Of what has arrived, by id: what each side says of it. They are to agree. */
  statuses: readonly Readonly<{ id: string; here: string; there: string }>[];
}>;

export type Finding = Readonly<{
  name: string;
  taken: number;
  arrived: number;
  missing: number;
  doubled: number;
  /** Arrived, and nobody was known to have sent it. */
  strange: number;
  /** Arrived before one that was taken earlier. */
  outOfOrder: number;
  untrue: number;
}>;

/** Compares what was taken with what arrived. */
export function audit({ name, taken, arrived, statuses }: Account): Finding {
  const place = new Map(taken.map((id, n) => [id, n]));
  const seen = new Set<string>();
  const finding = { missing: 0, doubled: 0, strange: 0, outOfOrder: 0 };
  let latest = -1;
  for (const id of arrived) {
    const n = place.get(id);
    if (n === undefined) finding.strange += 1;
    else if (seen.has(id)) finding.doubled += 1;
    else {
      seen.add(id);
      if (n < latest) finding.outOfOrder += 1;
      latest = Math.max(latest, n);
    }
  }
  finding.missing = taken.length - seen.size;
  const untrue = statuses.filter(({ here, there }) => here !== there).length;
  return { name, taken: taken.length, arrived: arrived.length, ...finding, untrue };
}

const FAULTS = ['missing', 'doubled', 'strange', 'outOfOrder', 'untrue'] as const;

export const isFlawless = (finding: Finding): boolean => FAULTS.every((fault) => finding[fault] === 0);

const COLUMNS = ['name', 'taken', 'arrived', ...FAULTS] as const;
const HEAD = ['', 'taken', 'arrived', 'missing', 'doubled', 'strange', 'out of order', 'status untrue'];

/** One line for each, and their sum, as a table of Markdown. */
export function tableOf(findings: readonly Finding[]): string {
  const sum = findings.reduce<Finding>((all, one) => ({ ...plus(all, one), name: 'together' }), NOTHING);
  const lines = [...findings, sum].map((one) => COLUMNS.map((column) => String(one[column])));
  return [HEAD, HEAD.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const NOTHING: Finding = {
  name: '',
  taken: 0,
  arrived: 0,
  missing: 0,
  doubled: 0,
  strange: 0,
  outOfOrder: 0,
  untrue: 0,
};

const plus = (a: Finding, b: Finding): Finding => ({
  name: '',
  taken: a.taken + b.taken,
  arrived: a.arrived + b.arrived,
  missing: a.missing + b.missing,
  doubled: a.doubled + b.doubled,
  strange: a.strange + b.strange,
  outOfOrder: a.outOfOrder + b.outOfOrder,
  untrue: a.untrue + b.untrue,
});
