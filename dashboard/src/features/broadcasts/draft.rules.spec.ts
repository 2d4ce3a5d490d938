import { describe, expect, it } from '@jest/globals';
import { EMPTY, audienceOf, columnsOf, contentOf, draftIn, endsTooEarly, numbersIn, saidOf } from './draft.rules.ts';

const GROUP = { jid: '120363041234567890@g.us', subject: 'Parents' };

describe('a draft', () => {
  it('is what was kept of it, and empty when that cannot be read', () => {
    expect(draftIn(JSON.stringify({ ...EMPTY, text: 'Hello' }))).toEqual({ ...EMPTY, text: 'Hello' });
    expect(draftIn(JSON.stringify({ text: 'of an older version' }))).toEqual({ ...EMPTY, text: 'of an older version' });
    for (const kept of ['', '{', 'null']) expect(draftIn(kept)).toEqual(EMPTY);
  });

  it('means nobody until somebody is chosen, then each source by itself', () => {
    expect(audienceOf(EMPTY)).toBeNull();
    expect(audienceOf({ ...EMPTY, admins: true, contacts: 'only' })).toBeNull();
    expect(audienceOf({ ...EMPTY, groups: [GROUP], admins: true, contacts: 'not' })).toMatchObject({
      groups: { jids: [GROUP.jid], admins_only: true, contacts: 'not' },
    });
    expect(audienceOf({ ...EMPTY, groups: [GROUP], into: true })).toEqual({ into_groups: [GROUP.jid] });
    expect(audienceOf({ ...EMPTY, into: true })).toBeNull();
    expect(audienceOf({ ...EMPTY, numbers: '+972 50-123 4567' })).toMatchObject({
      phone_numbers: ['+972 50-123 4567'],
    });
  });

  it('says nothing until it has a text, a file or a template', () => {
    expect(contentOf({ ...EMPTY, text: ' \n' })).toBeNull();
    expect(contentOf({ ...EMPTY, kind: 'file', text: 'A caption' })).toBeNull();
    const media = { id: 'm', mime_type: 'audio/ogg' } as never;
    expect(contentOf({ ...EMPTY, kind: 'file', text: '', media })).toEqual({ type: 'document', media_id: 'm' });
    expect(contentOf({ ...EMPTY, kind: 'template', template: { id: 't', variables: [] } })).toEqual({
      type: 'template',
      template_id: 't',
    });
  });

  it('gives values only for what the text asks for', () => {
    const variables = { first_name: 'neighbour', other: 'x', blank: ' ' };
    const said = saidOf({ ...EMPTY, everybody: true, text: '{Hi|Hello} {{first_name}} {{blank}}', variables });
    expect(said).toEqual({
      audience: expect.objectContaining({ everybody: true }),
      content: { type: 'text', text: '{Hi|Hello} {{first_name}} {{blank}}' },
      variables: { first_name: 'neighbour' },
    });
    expect(saidOf({ ...EMPTY, text: 'Hello' })).toBeNull();
  });

  it('leaves and is given up when it says, unless it would be given up before', () => {
    const draft = { ...EMPTY, everybody: true, text: 'Hello', at: '2026-12-24T08:00' };
    const iso = (time: string) => new Date(time).toISOString();
    const timesOf = (until: string) => {
      const { scheduled_at: at, expires_at: end } = saidOf({ ...draft, until }) ?? {};
      return [at, end, endsTooEarly({ ...draft, until })];
    };
    expect(timesOf('')).toEqual([iso(draft.at), undefined, false]);
    expect(timesOf('2026-12-24T20:00')).toEqual([iso(draft.at), iso('2026-12-24T20:00'), false]);
    for (const until of ['2026-12-24T08:00', '2026-12-23T23:00'])
      expect(timesOf(until)).toEqual([iso(draft.at), undefined, true]);
    expect(endsTooEarly({ ...draft, at: '', until: '2026-12-24T08:00' })).toBe(false);
  });
});

describe('pasted numbers', () => {
  it('stand in lines or between commas; what is none is told apart', () => {
    expect(numbersIn('+972 50-123-4567\n\n 0044 20 7946 0000; Dana,12\n(03) 555‑1234')).toEqual({
      good: ['+972 50-123-4567', '0044 20 7946 0000', '(03) 555-1234'],
      bad: ['Dana', '12'],
    });
  });
});

describe('the columns of a file', () => {
  it('are named as in the file where a variable can be, else by their place, and none twice', () => {
    const columns = ['Phone', 'First name', 'עיר', 'first-name', ''];
    expect(columnsOf({ columns, phone: 0 }).map(({ name, column }) => [name, column])).toEqual([
      ['first_name', 1],
      ['column_3', 2],
      ['column_4', 3],
      ['column_5', 4],
    ]);
  });
});
