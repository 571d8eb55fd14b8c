import { Switch, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useRef } from 'react';
import { call } from '../api/client';
import { keys } from '../api/queries';
import type { FileSetDetail, Image } from '../api/types';
import { type Json, metadataRows, wordsOf } from '../files/metadataRows';
import { FilterInput } from '../shared/FilterInput';
import { count } from '../shared/format';
import { ProblemView } from '../shared/ProblemView';
import { useQueryState } from '../shared/useQueryState';
import { useWindowed } from '../shared/useWindowed';
import classes from './ComparedTable.module.css';
import { acquisitionRows, type ComparedRow, fileRows, narrowed, originalRows } from './compareRows';

const ROW = 30;

interface Props {
  a: FileSetDetail;
  b: FileSetDetail;
  imageA: Image | undefined;
  imageB: Image | undefined;
  only: boolean;
  onOnly: (only: boolean) => void;
}

/** What both files record, line by line; lines that differ are marked. */
export function ComparedTable({ a, b, imageA, imageB, only, onOnly }: Props) {
  const [filter, setFilter] = useQueryState('q', '');
  const [treeA, treeB] = [useTree(a), useTree(b)];
  const sought = useDeferredValue(filter);
  const parts = useMemo(() => [
    { title: 'File and image', rows: fileRows(a, b, imageA, imageB) },
    { title: 'Acquisition', rows: acquisitionRows(a, b) },
    { title: 'Original metadata', rows: originalRows(metadataRows(treeA.data ?? {}), metadataRows(treeB.data ?? {})) },
  ], [a, b, imageA, imageB, treeA.data, treeB.data]);
  const words = wordsOf(sought);
  const shown = parts.map(({ title, rows }) => ({ title, rows: narrowed(rows, only, words) })).filter(({ rows }) => rows.length);
  const lines = shown.flatMap(({ title, rows }) => [title, ...rows]);
  const all = parts.flatMap(({ rows }) => rows);
  const failed = treeA.isError ? treeA : treeB.isError ? treeB : null;
  return (
    <section aria-label="What they record">
      <div className={classes.bar}>
        <FilterInput className={classes.filter} label="Filter by name or value" placeholder="Filter by name or value" value={filter} onChange={setFilter} />
        <Switch label="Only differences" checked={only} onChange={(event) => onOnly(event.currentTarget.checked)} />
        <span className={classes.quiet} role="status">{`${all.filter(({ differs }) => differs).length.toLocaleString('en-US')} of ${count(all.length, 'line')} differ`}{(treeA.isLoading || treeB.isLoading) && ', original metadata are on their way'}</span>
      </div>
      {failed && <ProblemView error={failed.error} what="original metadata" retry={() => void failed.refetch()} />}
      {lines.length ? <Lines lines={lines} names={[a.name, b.name]} /> : <p className={classes.quiet}>{only && !sought ? 'There is no difference in what they record.' : `No line${only ? ' that differs' : ''} contains “${sought}”.`}</p>}
    </section>
  );
}

const useTree = (set: FileSetDetail) =>
  useQuery({ queryKey: keys.metadata(set.id), enabled: set.reading === 'read', queryFn: ({ signal }) => call<Json>(`/file-sets/${set.id}/metadata`, { signal }) });

/** Thousands of lines, of which those in sight are drawn. */
function Lines({ lines, names }: { lines: (string | ComparedRow)[]; names: [string, string] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, last } = useWindowed(body, ROW, scroller);
  return (
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="group" aria-label="Compared line by line">
      <table className={classes.table} aria-rowcount={lines.length + 1}>
        <thead><tr><th scope="col">Term or path</th><th scope="col" title={names[0]}>A</th><th scope="col" title={names[1]}>B</th></tr></thead>
        <tbody ref={body}>
          {first > 0 && <tr aria-hidden="true" style={{ height: first * ROW }}><td colSpan={3} /></tr>}
          {lines.slice(first, last).map((line, i) => (typeof line === 'string'
            ? <tr key={line} className={classes.part} aria-rowindex={first + i + 2}><th scope="rowgroup" colSpan={3}>{line}</th></tr>
            : <Line key={`${line.label} ${line.key}`} line={line} index={first + i + 2} />))}
          {last < lines.length && <tr aria-hidden="true" style={{ height: (lines.length - last) * ROW }}><td colSpan={3} /></tr>}
        </tbody>
      </table>
    </div>
  );
}

function Line({ line: { label, a, b, differs }, index }: { line: ComparedRow; index: number }) {
  return (
    <tr className={classes.line} data-differs={differs || undefined} aria-rowindex={index}>
      <th scope="row" title={label}>{differs && <><span className={classes.sign} aria-hidden="true">≠</span><VisuallyHidden>differs: </VisuallyHidden></>}{label}</th>
      <Value text={a} />
      <Value text={b} />
    </tr>
  );
}

const Value = ({ text }: { text: string | null }) => (text === null ? <td className={classes.quiet}>not recorded</td> : <td title={text}>{text}</td>);
