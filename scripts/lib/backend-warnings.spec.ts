import { describe, expect, it } from '@jest/globals';
import { Trickle, warningIn } from './backend-warnings.ts';

describe('warningIn', () => {
  it.each([
    ['{"level":40,"msg":"slow"}', 'slow'],
    ['{"level":50,"msg":"send failed","err":{"message":"timed out"}}', 'send failed: timed out'],
    ['{"level":60}', '{"level":60}'],
    ['{"level":30,"msg":"request"}', undefined],
    ['{"level":"40","msg":"x"}', undefined],
    ['{broken', undefined],
    ['a plain line', undefined],
  ])('of %s is %s', (line, warning) => {
    expect(warningIn(line)).toBe(warning);
  });
});

describe('Trickle', () => {
  it('lets five lines pass in ten seconds, and says where the others are', () => {
    const shown: string[] = [];
    const trickle = new Trickle((line) => shown.push(line), 'backend.log');
    for (let n = 1; n <= 20; n += 1) trickle.add(`line ${n}`, n);
    expect(shown).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5', '… more in backend.log']);
    trickle.add('later', 10_002);
    expect(shown.at(-1)).toBe('later');
  });
});
