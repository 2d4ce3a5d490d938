import type { GroupGrowth } from '@wasel/backend/contract';

export type Day = GroupGrowth['items'][number];
export type Scale = Readonly<{ from: number; to: number; ticks: readonly number[] }>;

export const sumOf = (days: readonly Day[], what: 'joined' | 'left'): number =>
  days.reduce((sum, day) => sum + day[what], 0);

/** How many more or fewer there are than before these days, as far as it is known. */
export const netOf = (days: readonly Day[]): number => sumOf(days, 'joined') - sumOf(days, 'left');

/** 1, 2 or 5 times a power of ten, the least that is enough; people are whole. */
function stepFor(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}

/** From below the least to above the greatest, with a few round figures between. */
export function scaleOf(values: readonly number[], lines = 3): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = stepFor((most - least) / lines);
  const from = Math.max(0, Math.floor((least - (most === least ? step : 0)) / step) * step);
  const to = Math.max(from + step, Math.ceil(most / step) * step);
  return { from, to, ticks: Array.from({ length: Math.round((to - from) / step) + 1 }, (_, n) => from + n * step) };
}

/** Lines that are nearer than this to the one of nothing, as a part of the whole, would have their figures run into its. */
const APART = 0.15;

/** Above nothing for who came and below it for who went, by one measure: as many look as many. */
export function bothWays(days: readonly Day[]): Scale {
  const to = stepFor(Math.max(1, ...days.map(({ joined }) => joined)));
  const from = -stepFor(Math.max(1, ...days.map(({ left }) => left)));
  return { from, to, ticks: [from, 0, to].filter((tick) => tick === 0 || Math.abs(tick) / (to - from) > APART) };
}

/** Where a value stands, from the top, as a part of the whole height. */
export const heightOf = ({ from, to }: Scale, value: number): number => (to - value) / (to - from);
