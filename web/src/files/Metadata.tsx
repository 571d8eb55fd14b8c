import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { call } from '../api/client';
import { keys } from '../api/queries';
import type { FileSetDetail } from '../api/types';
import { Copyable } from '../shared/Copyable';
import { count } from '../shared/format';
import { FilterInput } from '../shared/FilterInput';
import { Icon } from '../shared/Icon';
import { ProblemView } from '../shared/ProblemView';
import { useWindowed } from '../shared/useWindowed';
import { Waiting } from '../shared/Waiting';
import { useQueryState } from '../shared/useQueryState';
import classes from './Metadata.module.css';
import { filterRows, type Json, metadataRows, type MetadataRow, openRows, splitAtMatches, wordsOf } from './metadataRows';

const ROW = 26;

/** The vendor's whole tree, untouched, with a filter over paths and values. */
export default function Metadata({ set }: { set: FileSetDetail }) {
  const tree = useQuery({
    queryKey: keys.metadata(set.id),
    enabled: set.reading === 'read',
    queryFn: ({ signal }) => call<Json>(`/file-sets/${set.id}/metadata`, { signal }),
  });
  if (set.reading !== 'read') return <p className={classes.quiet}>Metadata appears here once the file is read.</p>;
  if (tree.isError) return <ProblemView error={tree.error} what="metadata" retry={() => void tree.refetch()} />;
  if (tree.data === undefined) return <Waiting for="the metadata" />;
  return <Rows tree={tree.data} />;
}

function Rows({ tree }: { tree: Json }) {
  const [filter, setFilter] = useQueryState('q', '');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const sought = useDeferredValue(filter);
  const all = useMemo(() => metadataRows(tree), [tree]);
  const found = useMemo(() => filterRows(all, sought), [all, sought]);
  const words = wordsOf(sought);
  // What is sought is shown wherever it lies, also in closed branches.
  const rows = words.length ? found.rows : openRows(found.rows, closed);
  const toggle = (path: string) => setClosed((old) => {
    const next = new Set(old);
    if (!next.delete(path)) next.add(path);
    return next;
  });
  const total = useMemo(() => filterRows(all, '').matches, [all]);
  if (!all.length) return <p className={classes.quiet}>The file holds no metadata beside its pixels.</p>;
  return (
    <>
      <div className={classes.bar}>
        <FilterInput className={classes.filter} label="Filter the metadata by path or value" placeholder="Filter by path or value" value={filter} onChange={setFilter} />
        <span className={classes.quiet} role="status">{words.length ? `${found.matches.toLocaleString('en-US')} of ` : ''}{count(total, 'value')}</span>
        {!words.length && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setClosed(closed.size ? new Set() : new Set(all.filter((row) => row.value === null && row.depth > 0).map((row) => row.path)))}>
            {closed.size ? 'Open all' : 'Close all'}
          </Button>
        )}
      </div>
      {rows.length ? <Tree rows={rows} words={words} closed={words.length ? new Set() : closed} onToggle={toggle} /> : <p className={classes.quiet}>No path or value contains “{sought}”.</p>}
    </>
  );
}

function Tree({ rows, words, closed, onToggle }: { rows: MetadataRow[]; words: string[]; closed: ReadonlySet<string>; onToggle: (path: string) => void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const { first, last } = useWindowed(list, ROW, scroller);
  return (
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="group" aria-label="Original metadata">
      <ul ref={list} className={classes.tree} style={{ height: rows.length * ROW }}>
        {rows.slice(first, last).map((row, i) => (
          <li key={row.path} className={classes.row} style={{ top: (first + i) * ROW, paddingLeft: row.depth * 16 }}>
            {row.value === null ? (
              <button type="button" className={classes.branch} aria-expanded={!closed.has(row.path)} onClick={() => onToggle(row.path)}>
                <Icon name="chevron" size={12} />
                <Marked text={row.key} words={words} /> <span className={classes.quiet}>{row.members}</span>
              </button>
            ) : (
              <>
                <span className={classes.key}><Copyable value={row.path} what="path"><Marked text={row.key} words={words} /></Copyable></span>
                <span className={classes.value}><Copyable value={row.value} what="value" mono><Marked text={row.value} words={words} /></Copyable></span>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Marked({ text, words }: { text: string; words: string[] }) {
  return <>{splitAtMatches(text, words).map((part, i) => (i % 2 ? <mark key={i}>{part}</mark> : part))}</>;
}
