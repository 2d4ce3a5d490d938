import { describe, expect, it } from '@jest/globals';
import { NONE, type Selection, toggled, toggledAll } from './selection.rules.ts';

const among = ['a', 'b', 'c', 'd', 'e'];
const idsIn = ({ ids }: Selection): string => [...ids].toSorted().join('');
const one = (selection: Selection, id: string) => toggled(selection, id, { among, range: false });
const range = (selection: Selection, id: string) => toggled(selection, id, { among, range: true });

describe('rows', () => {
  it('are chosen one by one, and not any more', () => {
    const both = one(one(NONE, 'b'), 'd');
    expect(idsIn(both)).toBe('bd');
    expect(idsIn(one(both, 'b'))).toBe('d');
  });

  it('are chosen from the last that was touched, in either direction', () => {
    expect(idsIn(range(one(NONE, 'b'), 'd'))).toBe('bcd');
    expect(idsIn(range(one(NONE, 'd'), 'a'))).toBe('abcd');
  });

  it('are given up in a range from one that was given up', () => {
    const all = toggledAll(NONE, among);
    expect(idsIn(range(one(all, 'b'), 'd'))).toBe('ae');
  });

  it('are one when there is nothing to go from, as after a search', () => {
    expect(idsIn(range(NONE, 'c'))).toBe('c');
    expect(idsIn(toggled(one(NONE, 'a'), 'e', { among: ['d', 'e'], range: true }))).toBe('ae');
  });

  it('are all, or none; those that are not among them stay', () => {
    const all = toggledAll(one(NONE, 'e'), ['a', 'b']);
    expect(idsIn(all)).toBe('abe');
    expect(idsIn(toggledAll(all, ['a', 'b']))).toBe('e');
  });
});
