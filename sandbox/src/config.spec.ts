import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      sandbox: { port: 4500, mediaPort: 4501, addressing: 'lid' },
      logLevel: 'info',
      demoPhones: true,
    });
  });

  it('reads what is set', () => {
    const env = {
      SANDBOX_PORT: '0',
      SANDBOX_MEDIA_PORT: '7',
      SANDBOX_STATE_DIR: '/state',
      SANDBOX_ADDRESSING: 'pn',
      SANDBOX_DEMO_PHONES: 'false',
    };
    expect(readConfig(env)).toMatchObject({
      sandbox: { port: 0, mediaPort: 7, stateDir: '/state', addressing: 'pn' },
      demoPhones: false,
    });
  });

  it.each([
    [{ SANDBOX_PORT: 'many' }, 'SANDBOX_PORT'],
    [{ SANDBOX_ADDRESSING: 'name' }, 'SANDBOX_ADDRESSING'],
    [{ NODE_ENV: 'production' }, 'NODE_ENV=production'],
  ])('names in one line what is wrong with %j', (env, name) => {
    expect(() => readConfig(env)).toThrow(name);
  });
});
