import { Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { FileSetDetail, Image } from '../api/types';
import { useKeys } from '../shared/keys';
import { Waiting } from '../shared/Waiting';
import { useQueryState } from '../shared/useQueryState';
import { Axes } from './Axes';
import classes from './Details.module.css';
import { Files } from './Files';

const Metadata = lazy(() => import('./Metadata'));
const History = lazy(() => import('./History'));

/** Everything else about a file set, one keystroke away. */
export function Details({ set, image }: { set: FileSetDetail; image: Image | undefined }) {
  const usual = set.reading === 'read' ? 'metadata' : 'files';
  const [tab, setTab] = useQueryState('tab', usual);
  useKeys({ m: () => setTab('metadata'), f: () => setTab('files'), x: () => setTab('axes'), h: () => setTab('history') });
  return (
    <Tabs value={tab} onChange={(value) => setTab(value ?? usual)} className={classes.details} keepMounted={false}>
      <Tabs.List className={classes.list}>
        <Tabs.Tab value="metadata">Metadata</Tabs.Tab>
        <Tabs.Tab value="files">Files <span className={classes.count}>{set.files.length}</span></Tabs.Tab>
        <Tabs.Tab value="axes">Axes</Tabs.Tab>
        <Tabs.Tab value="history">History</Tabs.Tab>
      </Tabs.List>
      <Suspense fallback={<Waiting for="this part" />}>
        <Tabs.Panel value="metadata"><Metadata set={set} /></Tabs.Panel>
        <Tabs.Panel value="files"><Files set={set} /></Tabs.Panel>
        <Tabs.Panel value="axes"><Axes image={image} extraction={set.extraction} /></Tabs.Panel>
        <Tabs.Panel value="history"><History of="file-sets" id={set.id} /></Tabs.Panel>
      </Suspense>
    </Tabs>
  );
}
