import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './jest.ts';

const clean = {
  success: true,
  numPassedTests: 12,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 1,
  numRuntimeErrorTestSuites: 0,
};

describe('outcomeOf', () => {
  it('counts what Jest counted', () => {
    expect(outcomeOf(clean, 0)).toEqual({ passed: 12, failed: 0, skipped: 3 });
    expect(outcomeOf({ ...clean, success: false, numFailedTests: 4 }, 1)).toMatchObject({ passed: 12, failed: 4 });
  });

  it('counts a suite that could not be loaded as a failure', () => {
    const broken = { ...clean, success: false, numFailedTests: 1, numRuntimeErrorTestSuites: 2 };
    expect(outcomeOf(broken, 1).failed).toBe(3);
  });

  it('never calls a run a success that Jest failed for another reason', () => {
    expect(outcomeOf(clean, 1).failed).toBe(1);
    expect(outcomeOf(clean, null).failed).toBe(1);
    expect(outcomeOf({ ...clean, success: false }, 0).failed).toBe(1);
  });
});
