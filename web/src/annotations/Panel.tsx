import { ActionIcon, Menu } from '@mantine/core';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { address } from '../api/client';
import { count } from '../shared/format';
import { FilterInput } from '../shared/FilterInput';
import { Icon } from '../shared/Icon';
import { ProblemView } from '../shared/ProblemView';
import { Waiting } from '../shared/Waiting';
import { Editor } from './Editor';
import { filtered } from './filtered';
import { List } from './List';
import classes from './Panel.module.css';
import { TOOLS } from './tools';
import type { Marks } from './useMarks';

/** The annotations of the image: the selected one to be described, and the list of all. */
export default function Panel({ marks }: { marks: Marks }) {
  const [filter, setFilter] = useState('');
  const sought = useDeferredValue(filter);
  const found = useMemo(() => filtered(marks.items, sought), [marks.items, sought]);
  if (marks.state === 'missing') return <ProblemView error={new Error('The annotations did not arrive.')} what="annotations" retry={marks.retry} />;
  if (marks.state === 'arriving' && marks.items.length === 0) return <Waiting for="the annotations" />;
  return (
    <section className={classes.panel} aria-label="Annotations">
      {marks.selected && <Editor key={marks.selected.id} marks={marks} annotation={marks.selected} />}
      {marks.tool !== 'select' && <p className={classes.quiet} role="status">{TOOLS.find(({ tool }) => tool === marks.tool)!.use} Enter puts one in the middle.</p>}
      <div className={classes.bar}>
        {marks.items.length > 0 && <FilterInput className={classes.filter} label="Filter the annotations by label, tag or note" placeholder="Filter" value={filter} onChange={setFilter} />}
        <Exchange marks={marks} />
      </div>
      {marks.items.length === 0 ? (
        <p className={classes.quiet}>{marks.canEdit ? 'Nothing is marked in this image. Choose a tool above it and draw, or import GeoJSON.' : 'Nothing is marked in this image.'}</p>
      ) : (
        <>
          <p className={classes.quiet} role="status">{sought ? `${found.length.toLocaleString('en-US')} of ` : ''}{count(marks.items.length, 'annotation')}{marks.state === 'arriving' && ' so far …'}</p>
          <List items={found} marks={marks} />
        </>
      )}
    </section>
  );
}

/** To and from other programs. */
function Exchange({ marks }: { marks: Marks }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu>
        <Menu.Target><ActionIcon size={36} variant="default" aria-label="Import and export annotations"><Icon name="more" /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {marks.canEdit && <Menu.Item leftSection={<Icon name="upload" size={16} />} onClick={() => picker.current?.click()}>Import GeoJSON…</Menu.Item>}
          <Menu.Item component="a" href={address(marks.exportUrl('.geojson'))} leftSection={<Icon name="download" size={16} />}>GeoJSON in pixels</Menu.Item>
          {marks.calibration && <Menu.Item component="a" href={address(marks.exportUrl('.geojson?coordinates=calibrated'))} leftSection={<Icon name="download" size={16} />}>GeoJSON in {marks.calibration.x.unit ?? 'calibrated units'}</Menu.Item>}
          <Menu.Item component="a" href={address(marks.exportUrl('.ome.xml'))} leftSection={<Icon name="download" size={16} />}>OME-XML regions</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input ref={picker} type="file" accept=".geojson,.json,application/geo+json" hidden aria-label="GeoJSON file" onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        event.currentTarget.value = '';
        if (file) void marks.importFile(file);
      }} />
    </>
  );
}
