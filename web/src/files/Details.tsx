import { Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useRemarks } from '../api/queries';
import type { FileSetDetail, Image } from '../api/types';
import { standing } from '../remarks/threads';
import { useKeys } from '../shared/keys';
import { Waiting } from '../shared/Waiting';
import { useQueryState } from '../shared/useQueryState';
import { Axes } from './Axes';
import classes from './Details.module.css';
import { Files } from './Files';

const Metadata = lazy(() => import('./Metadata'));
const History = lazy(() => import('./History'));
const Remarks = lazy(() => import('../remarks/Remarks'));

/** Everything else about a file set, one keystroke away. What a file does not have is not offered. */
export function Details({ set, image }: { set: FileSetDetail; image: Image | undefined }) {
  const hasMetadata = set.extraction !== null;
  const usual = hasMetadata ? 'metadata' : 'files';
  const [asked, setTab] = useQueryState('tab', usual);
  const tab = (asked === 'metadata' && !hasMetadata) || (asked === 'axes' && !image) ? usual : asked;
  const notes = useRemarks('file-sets', set.id, 'notes').data;
  const comments = useRemarks('file-sets', set.id, 'comments').data;
  const said = (notes?.length ?? 0) + standing(comments ?? []);
  useKeys({
    ...(hasMetadata ? { m: () => setTab('metadata') } : {}),
    ...(image ? { x: () => setTab('axes') } : {}),
    f: () => setTab('files'),
    n: () => setTab('notes'),
    h: () => setTab('history'),
  });
  return (
    <Tabs value={tab} onChange={(value) => setTab(value ?? usual)} className={classes.details} keepMounted={false}>
      <Tabs.List className={classes.list}>
        {hasMetadata && <Tabs.Tab value="metadata">Metadata</Tabs.Tab>}
        <Tabs.Tab value="files">Files <span className={classes.count}>{set.files.length}</span></Tabs.Tab>
        <Tabs.Tab value="notes">Notes {said > 0 && <span className={classes.count}>{said}</span>}</Tabs.Tab>
        {image && <Tabs.Tab value="axes">Axes</Tabs.Tab>}
        <Tabs.Tab value="history">History</Tabs.Tab>
      </Tabs.List>
      <Suspense fallback={<Waiting for="this part" />}>
        {hasMetadata && <Tabs.Panel value="metadata"><Metadata set={set} /></Tabs.Panel>}
        <Tabs.Panel value="files"><Files set={set} /></Tabs.Panel>
        <Tabs.Panel value="notes"><Remarks of="file-sets" id={set.id} mayWriteNotes={set.capabilities.includes('edit')} /></Tabs.Panel>
        {image && <Tabs.Panel value="axes"><Axes set={set.id} image={image} extraction={set.extraction} /></Tabs.Panel>}
        <Tabs.Panel value="history"><History of="file-sets" id={set.id} /></Tabs.Panel>
      </Suspense>
    </Tabs>
  );
}
