import { memo } from 'react';
import type { Facet, SearchField } from '../../api/types';
import { formatQuantity, formatStep } from '../../files/quantity';
import { namesOf } from '../fields';
import { asks, type FieldNames, toggled, valuesOf, withValues } from '../queryText';
import { BarRange } from './BarRange';
import { CheckList } from './CheckList';
import classes from './Facets.module.css';
import { barsOf, rangeText, spanOf } from './histogram';
import { periodSpan, periodText, timelineOf } from './months';
import { readRange, rounded, writeQuantity } from './quantityText';

interface Props {
  facets: readonly Facet[];
  fields: readonly SearchField[];
  query: string;
  refine: (query: string) => void;
}

/** How what was found is spread. What is chosen is read from the query, and a choice is a change of the query. */
export const Facets = memo(function Facets({ facets, ...props }: Props) {
  return (
    <>
      {facets.map((facet) => (
        <details key={facet.field} open className={classes.facet}>
          <summary>{facet.label}</summary>
          <FacetBody facet={facet} {...props} />
        </details>
      ))}
    </>
  );
});

function FacetBody({ facet, fields, query, refine }: Omit<Props, 'facets'> & { facet: Facet }) {
  const field = namesOf(fields, facet.field);
  switch (facet.kind) {
    case 'bins':
      return <Histogram facet={facet} field={field} query={query} refine={refine} />;
    case 'moments':
      return <Periods facet={facet} field={field} query={query} refine={refine} />;
    case 'numbers':
      return <CheckList label={facet.label} more={facet.more} choices={facet.values.map(({ value, count }) => ({ key: value, label: formatQuantity(Number(value), facet.unit), count, ...numberChoice(query, field, Number(value), facet.unit) }))} onTake={refine} />;
    default:
      return <CheckList label={facet.label} more={facet.more} choices={facet.values.map(({ value, label, count }) => ({ key: value, label, count, isChosen: asks(query, field, value), next: toggled(query, field, value) }))} onTake={refine} />;
  }
}

/** A number is asked for by whatever is written for it: 200kV, 200000V, 100kV..300kV. */
function numberChoice(query: string, field: FieldNames, value: number, unit: string | null): { isChosen: boolean; next: string } {
  const values = valuesOf(query, field);
  const means = (written: string) => {
    const range = readRange(written, unit);
    return range !== null && (range.from === null || range.from <= value * 1.0001) && (range.to === null || range.to >= value * 0.9999);
  };
  const rest = values.filter((written) => !means(written));
  const isChosen = rest.length < values.length;
  return { isChosen, next: withValues(query, field, isChosen ? rest : [...values, writeQuantity(value, unit)]) };
}

interface RangeProps {
  facet: Facet;
  field: FieldNames;
  query: string;
  refine: (query: string) => void;
}

function Histogram({ facet, field, query, refine }: RangeProps) {
  const bars = barsOf(facet.values);
  const written = valuesOf(query, field)[0];
  // In the numbers that the query is written with.
  const edge = (at: number, direction: 'down' | 'up') => formatStep(rounded(bars.edges[at]!, direction), facet.unit);
  return (
    <BarRange label={facet.label} counts={bars.counts} span={written === undefined ? null : spanOf(bars, written, facet.unit)} words={([from, to]) => `${edge(from, 'down')} – ${edge(to, 'up')}`} edge={edge}
      onTake={(span) => {
        const text = rangeText(bars, span, facet.unit);
        refine(withValues(query, field, text === null ? [] : [text]));
      }} />
  );
}

function Periods({ facet, field, query, refine }: RangeProps) {
  const timeline = timelineOf(facet.values);
  const written = valuesOf(query, field)[0];
  return (
    <BarRange label={facet.label} counts={timeline.counts} span={written === undefined ? null : periodSpan(timeline, written)} edge={(at, direction) => timeline.names[direction === 'down' ? at : at - 1]!}
      words={([from, to]) => (to - from === 1 ? timeline.names[from]! : `${timeline.names[from]!} – ${timeline.names[to - 1]!}`)}
      onTake={(span) => {
        const text = periodText(timeline, span);
        refine(withValues(query, field, text === null ? [] : [text]));
      }} />
  );
}
