/** One thing measured for Wasel and, in the same run, for plain Baileys. */
export type Figure = {
  name: string;
  better: 'more' | 'less';
  /** Plain Baileys with its keys in memory. */
  memory?: number;
  /** Plain Baileys on Wasel's key store. */
  durable?: number;
  wasel: number;
  /** What `wasel` is compared with when it is nothing that Baileys does. */
  baseline?: { name: string; value: number };
};

const format = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });

const ratio = (of: number, to: number | undefined): string => (to === undefined ? '' : `${(of / to).toFixed(2)}x`);

/** The figures as a table of Markdown. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((one) => [
    one.baseline ? `${one.name} (beside: ${one.baseline.name})` : one.name,
    format(one.memory ?? one.baseline?.value),
    format(one.durable),
    format(one.wasel),
    ratio(one.wasel, one.memory ?? one.baseline?.value),
    ratio(one.wasel, one.durable),
    one.better,
  ]);
  const head = ['', 'bare, in memory', 'bare, durable', 'Wasel', 'to memory', 'to durable', 'better'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
