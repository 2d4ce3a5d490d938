import { describe, expect, it } from '@jest/globals';
import { isComplete, stepsFrom } from './onboarding.rules.ts';

const statuses = (...[numberLinked, messageSent, answerReceived]: [boolean, boolean, boolean]) =>
  stepsFrom({ numberLinked, messageSent, answerReceived }).map(({ status }) => status);

describe('the way to the first conversation', () => {
  it('begins with the number, because the organization is there', () => {
    expect(statuses(false, false, false)).toEqual(['done', 'current', 'later', 'later']);
  });

  it('names one step to do next, also when a later one was done before it', () => {
    expect(statuses(true, false, true)).toEqual(['done', 'done', 'current', 'done']);
    expect(statuses(false, true, true)).toEqual(['done', 'current', 'done', 'done']);
  });

  it('is complete when everything happened, and not before', () => {
    expect(isComplete(stepsFrom({ numberLinked: true, messageSent: true, answerReceived: false }))).toBe(false);
    expect(isComplete(stepsFrom({ numberLinked: true, messageSent: true, answerReceived: true }))).toBe(true);
  });
});
