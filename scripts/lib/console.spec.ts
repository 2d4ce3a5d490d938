import { describe, expect, it } from '@jest/globals';
import { Console, type Output } from './console.ts';

function listen(isTTY: boolean): Output & { text: string } {
  return {
    text: '',
    isTTY,
    columns: 40,
    write(part: string) {
      this.text += part;
    },
  };
}

describe('Console', () => {
  it('writes one line for each finished step, with what came of it', async () => {
    const output = listen(false);
    const console = new Console(output, {});
    await console.step('Backend built', async () => 'unchanged');
    await expect(console.step('Dashboard built', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(output.text).toMatch(/^ {2}✓ Backend built \(unchanged, 0\.\d s\)\n {2}✗ Dashboard built\n$/);
  });

  it('shows on a terminal what is being worked on, below what is said meanwhile', async () => {
    const output = listen(true);
    const console = new Console(output, {});
    await console.step('Dashboard built', async () => console.line('hello'));
    expect(output.text).toContain('\r\x1b[K\x1b[2m  … Dashboard built 0.0 s\x1b[0m\r\x1b[K  hello\n');
    expect(output.text.endsWith('\n\r\x1b[K')).toBe(true);
  });

  it('cuts the line of what is being worked on to the width of the terminal', async () => {
    const output = listen(true);
    await new Console(output, { NO_COLOR: '1' }).step('x'.repeat(100), async () => undefined);
    expect(output.text).toContain(`\r\x1b[K  … ${'x'.repeat(35)}\r`);
  });

  it('has no colours with NO_COLOR, and none anywhere but on a terminal', async () => {
    for (const [isTTY, env] of [
      [true, { NO_COLOR: '1' }],
      [false, {}],
      [true, { TERM: 'dumb' }],
    ] as const) {
      const output = listen(isTTY);
      new Console(output, env).error('red');
      expect(output.text).not.toContain('\x1b[3');
    }
    const coloured = listen(true);
    new Console(coloured, {}).error('red');
    expect(coloured.text).toContain('\x1b[31mred\x1b[0m');
  });
});
