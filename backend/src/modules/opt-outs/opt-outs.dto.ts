import { z } from 'zod';

const Words = z.array(z.string().trim().min(1).max(40)).min(1, 'Leave at least one word.').max(50);

/**
 * What people write who want no more broadcasts and automations, and who want them again. A message counts when it says one of
 * these and nothing else, whatever its case and marks.
 */
export const OptOutWords = z.object({
  stop: Words.meta({ examples: [['STOP']] }),
  start: Words.meta({ examples: [['START']] }),
});
export type OptOutWords = z.infer<typeof OptOutWords>;
