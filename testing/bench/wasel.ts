import type { ApiClient } from '../house/api-client.ts';
import type { House, LinkedNumber } from '../house/house.ts';

const AT_ONCE = 10;

/** Links numbers, ten at a time. */
export async function linkMany(house: House, api: ApiClient, count: number): Promise<LinkedNumber[]> {
  const numbers: LinkedNumber[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
      while (next < count) numbers.push(await house.link(api, `Number ${(next += 1)}`));
    }),
  );
  return numbers;
}
