import { describe, expect, it } from 'vitest';
import { periodSpan, periodText, timelineOf } from './months';

const months = timelineOf([{ value: '2017-11', count: 3 }, { value: '2018-02', count: 5 }]);
const years = timelineOf([{ value: '2009-05', count: 1 }, { value: '2009-12', count: 2 }, { value: '2017-03', count: 7 }]);

describe('timeline', () => {
  it('has months without gaps, across a new year', () => {
    expect(months.names).toEqual(['2017-11', '2017-12', '2018-01', '2018-02']);
    expect(months.counts).toEqual([3, 0, 0, 5]);
  });

  it('has years where months would be too many', () => {
    expect(years.names).toEqual(['2009', '2010', '2011', '2012', '2013', '2014', '2015', '2016', '2017']);
    expect(years.counts).toEqual([3, 0, 0, 0, 0, 0, 0, 0, 7]);
    expect(timelineOf([]).names).toEqual([]);
  });

  it('writes a period as a query reads it, and finds it again', () => {
    expect(periodText(months, [0, 4])).toBeNull();
    expect(periodText(months, [1, 2])).toBe('2017-12');
    expect(periodText(months, [1, 3])).toBe('2017-12..2018-01');
    for (const timeline of [months, years])
      for (let from = 0; from < timeline.names.length; from++)
        for (let to = from + 1; to <= timeline.names.length; to++) {
          const text = periodText(timeline, [from, to]);
          if (text) expect(periodSpan(timeline, text)).toEqual([from, to]);
        }
  });

  it('finds what a person has written', () => {
    expect(periodSpan(months, '2018')).toEqual([2, 4]);
    expect(periodSpan(months, '2017-12-24')).toEqual([1, 2]);
    expect(periodSpan(months, '..2017')).toEqual([0, 2]);
    expect(periodSpan(months, '>=2018')).toEqual([2, 4]);
    expect(periodSpan(months, '<2018-01')).toEqual([0, 3]);
    expect(periodSpan(years, '2010-05..2011-07')).toEqual([1, 3]);
    expect(periodSpan(months, '2030')).toEqual([3, 4]);
    expect(periodSpan(months, 'today')).toBeNull();
  });
});
