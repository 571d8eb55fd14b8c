import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Marks } from '../annotations/useMarks';
import type { FileSetDetail, Image } from '../api/types';
import { Waiting } from '../shared/Waiting';
import classes from './Beside.module.css';
import { Facts } from './Facts';

const Panel = lazy(() => import('../annotations/Panel'));

/** Beside the image: the facts, or what is marked in it. */
export function Beside({ set, image, marks }: { set: FileSetDetail; image: Image | undefined; marks: Marks }) {
  if (!marks.plane) return <Facts set={set} image={image} />;
  const number = marks.items.length ? ` ${marks.items.length.toLocaleString('en-US')}` : '';
  return (
    <div className={classes.beside}>
      <SegmentedControl fullWidth size="sm" aria-label="Beside the image" value={marks.isOpen ? 'annotations' : 'facts'} onChange={(value) => marks.open(value === 'annotations')}
        data={[{ value: 'facts', label: 'Facts' }, { value: 'annotations', label: `Annotations${number}` }]} />
      {marks.isOpen ? <Suspense fallback={<Waiting for="the annotations" />}><Panel marks={marks} /></Suspense> : <Facts set={set} image={image} />}
    </div>
  );
}
