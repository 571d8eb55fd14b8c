import { describe, expect, it } from 'vitest';
import { asks, completed, quoted, termsOf, toggled, unquoted, valuesOf, withoutTerm, withValues } from './queryText';

const INSTRUMENT = { name: 'instrument', synonyms: ['microscope'] };
const IN = { name: 'in', synonyms: ['project', 'collection'] };
const VOLTAGE = { name: 'accelerating_voltage', synonyms: ['voltage', 'ht'] };

describe('terms of a query', () => {
  it('end at spaces outside quotes and parentheses', () => {
    expect(termsOf(' gold "two words" (a OR (b c)) instrument:"FEI Titan",x ').map(({ text }) => text)).toEqual(['gold', '"two words"', '(a OR (b c))', 'instrument:"FEI Titan",x']);
  });

  it('know their field and its values', () => {
    const [term] = termsOf('Microscope:"a, b",c*,"say \\"so\\""');
    expect(term).toMatchObject({ field: 'microscope', values: ['"a, b"', 'c*', '"say \\"so\\""'] });
    expect(termsOf('"Beam Energy":200kV')[0]).toMatchObject({ field: 'beam_energy', values: ['200kV'] });
    expect(termsOf('original."Microscope Info.Voltage":200')[0]).toMatchObject({ field: 'original."Microscope Info.Voltage"', values: ['200'] });
  });

  it('are words where they have no field, or are not wanted', () => {
    expect(termsOf('gold -instrument:x "a:b" (c:d)').map(({ field }) => field)).toEqual([null, null, null, null]);
    expect(termsOf('NOT instrument:x gold').map(({ text }) => text)).toEqual(['NOT instrument:x', 'gold']);
  });

  it('end with the text where something is not closed', () => {
    expect(termsOf('gold instrument:"FEI Ti').map(({ text }) => text)).toEqual(['gold', 'instrument:"FEI Ti']);
    expect(termsOf('a (b c').map(({ text }) => text)).toEqual(['a', '(b c']);
    expect(termsOf('a\\').map(({ text }) => text)).toEqual(['a\\']);
    expect(termsOf('"a\\').map(({ text }) => text)).toEqual(['"a\\']);
  });

  it('keep the places where they stand', () => {
    const text = '  gold  tag:"a b" ';
    for (const { text: written, start, end } of termsOf(text)) expect(text.slice(start, end)).toBe(written);
  });
});

describe('editing a query', () => {
  it('quotes so that it reads back', () => {
    for (const value of ['a', 'a b', 'say "so"', 'back\\slash', 'end\\', 'a,b:c(d)']) {
      expect(unquoted(quoted(value))).toBe(value);
      expect(valuesOf(withValues('gold', INSTRUMENT, [quoted(value)]), INSTRUMENT)).toEqual([quoted(value)]);
    }
  });

  it('asks for several values of a field, and takes them away again', () => {
    const one = toggled('gold', INSTRUMENT, 'FEI Titan');
    expect(one).toBe('gold instrument:"FEI Titan"');
    const two = toggled(one, INSTRUMENT, 'Merlin');
    expect(two).toBe('gold instrument:"FEI Titan","Merlin"');
    expect(asks(two, INSTRUMENT, 'merlin')).toBe(true);
    expect(asks(two, INSTRUMENT, 'FEI')).toBe(false);
    expect(toggled(toggled(two, INSTRUMENT, 'FEI Titan'), INSTRUMENT, 'Merlin')).toBe('gold');
  });

  it('leaves everything else as it is written, and where it stands', () => {
    expect(withValues('"x y" microscope:a -b:c (d OR e)', INSTRUMENT, ['"z"'])).toBe('"x y" instrument:"z" -b:c (d OR e)');
    expect(withValues('project:"A" gold', IN, [])).toBe('gold');
    expect(withValues('voltage:200kV gold HT:300kV', VOLTAGE, ['80kV'])).toBe('accelerating_voltage:80kV gold');
    expect(withValues('-instrument:a', INSTRUMENT, ['b'])).toBe('-instrument:a instrument:b');
  });

  it('puts alternatives into parentheses, so that the new term counts for both', () => {
    expect(withValues('gold OR silver', INSTRUMENT, ['"a"'])).toBe('(gold OR silver) instrument:"a"');
    expect(valuesOf('instrument:a OR silver', INSTRUMENT)).toEqual([]);
  });

  it('removes one term', () => {
    expect(withoutTerm('gold tag:"a b" silver', 1)).toBe('gold silver');
    expect(withoutTerm('a OR b', 0)).toBe('b');
    expect(withoutTerm('a OR b OR c', 2)).toBe('a OR c');
    expect(withoutTerm('a', 0)).toBe('');
  });

  it('completes what is typed', () => {
    expect(completed('gold ins', { start: 5, end: 8, insert: 'instrument:' })).toEqual({ text: 'gold instrument:', caret: 16 });
    expect(completed('instrument:ti -x', { start: 11, end: 13, insert: '"FEI Titan"' })).toEqual({ text: 'instrument:"FEI Titan" -x', caret: 22 });
    expect(completed('ti', { start: 0, end: 2, insert: '"FEI Titan"' })).toEqual({ text: '"FEI Titan" ', caret: 12 });
  });
});
