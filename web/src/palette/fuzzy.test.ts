import { describe, expect, it } from 'vitest';
import { match } from './fuzzy';

const order = (query: string, ...texts: string[]) =>
  texts.flatMap((text) => { const found = match(query, text); return found ? [{ text, score: found.score }] : []; }).sort((a, b) => b.score - a.score).map(({ text }) => text);

describe('fuzzy match', () => {
  it('finds letters in their order only', () => {
    expect(match('std', 'Steel day 3')).not.toBeNull();
    expect(match('dts', 'Steel day 3')).toBeNull();
    expect(match('3x', 'Steel day 3')).toBeNull();
  });

  it('finds everything where nothing is asked for', () => expect(match('', 'anything')).toEqual({ score: 0, at: [] }));

  it('puts whole words and beginnings first', () => {
    expect(order('ste', 'Fasted mice test', 'Old steel', 'Steel')).toEqual(['Steel', 'Old steel', 'Fasted mice test']);
    expect(order('nd', 'Rename and describe', 'New dataset')[0]).toBe('New dataset');
  });

  it('tells where, from the best beginning', () => {
    expect(match('day', 'Monday day')!.at).toEqual([7, 8, 9]);
    expect(match('GRÖ', 'Größe')!.at).toEqual([0, 1, 2]);
  });
});
