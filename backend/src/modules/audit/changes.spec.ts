import { describe, expect, it } from '@jest/globals';
import { changesBetween } from './changes.ts';

describe('changesBetween', () => {
  it('names what differs, and nothing else', () => {
    expect(
      changesBetween({ name: 'Desk', enabled: true, tags: ['a'] }, { name: 'Shop', enabled: true, tags: ['a'] }),
    ).toEqual({
      name: { from: 'Desk', to: 'Shop' },
    });
  });

  it('tells what was made from what was empty, and what was taken away from what was emptied', () => {
    expect(changesBetween(null, { role: 'agent', reason: null })).toEqual({
      role: { to: 'agent' },
      reason: { to: null },
    });
    expect(changesBetween({ role: 'agent' }, null)).toEqual({ role: { from: 'agent' } });
    expect(changesBetween({ reason: null }, { reason: 'network' })).toEqual({ reason: { from: null, to: 'network' } });
  });

  it('sees a change within a list', () => {
    expect(changesBetween({ scopes: ['read'] }, { scopes: ['read', 'messages:send'] })).toEqual({
      scopes: { from: ['read'], to: ['read', 'messages:send'] },
    });
  });
});
