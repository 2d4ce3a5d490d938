import { describe, expect, it } from '@jest/globals';
import { voiceFaultOf } from './voice-recording.ts';

const BROWSER = { secure: true, records: true };
const thrown = (name: string): Error => Object.assign(new Error('no'), { name });

describe('why nothing is recorded', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['NotSupportedError', 'unsupported'],
    ['SomethingNew', 'failed'],
  ])('%s is told as %s', (name, fault) => {
    expect(voiceFaultOf(thrown(name), BROWSER)).toBe(fault);
  });

  it('is the page before it is the browser, and the browser before the microphone', () => {
    expect(voiceFaultOf(new TypeError('undefined'), { secure: false, records: false })).toBe('insecure');
    expect(voiceFaultOf(new TypeError('undefined'), { secure: true, records: false })).toBe('unsupported');
    expect(voiceFaultOf('no error', BROWSER)).toBe('failed');
  });
});
