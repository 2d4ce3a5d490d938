import { expect, it } from '@jest/globals';
import { Harness } from './testing/harness.ts';

it('has a number for each of more phones than there are numbers that are set aside for stories', async () => {
  const harness = await Harness.start({ addressing: 'lid' });
  try {
    const given = new Set<string>();
    for (let n = 0; n < 2_400; n += 1) given.add(await harness.phone());
    expect(given.size).toBe(2_400);
    const beyond = [...given].filter((phone) => !/^1\d{3}55501\d\d$/.test(phone));
    expect(beyond.length).toBeGreaterThanOrEqual(100);
    for (const phone of beyond) expect(phone).toMatch(/^1\d{3}555\d{4}$/);
  } finally {
    await harness.close();
  }
}, 120_000);
