import { RangeSlider } from '@mantine/core';
import { useState } from 'react';
import { count } from '../../shared/format';
import classes from './BarRange.module.css';
import type { Span } from './histogram';

interface Props {
  label: string;
  counts: readonly number[];
  /** What the query asks for; null where it asks for nothing. */
  span: Span | null;
  /** Names an edge, for who hears the slider. */
  edge: (at: number, direction: 'down' | 'up') => string;
  words: (span: Span) => string;
  onTake: (span: Span) => void;
}

/** Bars with two handles beneath, which leave only what lies between them. */
export function BarRange({ label, counts, span, edge, words, onTake }: Props) {
  const [moving, setMoving] = useState<Span | null>(null);
  const bars = counts.length;
  const shown = moving ?? span ?? [0, bars];
  const highest = Math.max(...counts);
  const within = counts.slice(...shown).reduce((sum, one) => sum + one, 0);
  return (
    <div className={classes.range} role="group" aria-label={label}>
      {bars > 1 && (
        <>
          <div className={classes.bars} aria-hidden="true">
            {counts.map((one, i) => <span key={i} title={`${words([i, i + 1])}: ${one.toLocaleString('en-US')}`} data-out={i < shown[0] || i >= shown[1] || undefined} style={{ height: one ? `${Math.max(6, (100 * one) / highest)}%` : 0 }} />)}
          </div>
          <RangeSlider size={3} thumbSize={18} classNames={{ root: classes.slider! }} min={0} max={bars} step={1} minRange={1} value={[...shown]} label={null} pushOnOverlap={false}
            thumbFromLabel={`${label} from ${edge(shown[0], 'down')}`} thumbToLabel={`${label} to ${edge(shown[1], 'up')}`}
            onChange={setMoving} onChangeEnd={(next) => {
              setMoving(null);
              onTake(next);
            }} />
        </>
      )}
      <p className={classes.words}><span>{words(shown)}</span><span title={count(within, 'file')}>{within.toLocaleString('en-US')}</span></p>
    </div>
  );
}
