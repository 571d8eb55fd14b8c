import { useEffect, useRef } from 'react';
import { Link } from 'react-router-dom';
import { address } from '../api/client';
import type { FileSet } from '../api/types';
import { Check } from '../selection/Check';
import { usePicking } from '../selection/usePicking';
import type { Selection } from '../selection/useSelection';
import { formatExtent, formatSize } from '../shared/format';
import { Moment } from '../shared/Moment';
import { useWindowed } from '../shared/useWindowed';
import classes from './FileSetTable.module.css';
import { baseName, folderOf } from './names';
import { reading } from './reading';

const ROW = 44;

/** The same files as rows. Rows out of sight are left out and counted by their height. */
export default function FileSetTable({ sets, onEnd, selection }: { sets: FileSet[]; onEnd: () => void; selection?: Selection }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, last } = useWindowed(body, ROW);
  useEffect(() => {
    if (last >= sets.length) onEnd();
  }, [last, sets.length, onEnd]);
  const columns = selection ? 7 : 6;
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label="Table of files">
      <table className={classes.table} aria-rowcount={sets.length}>
        <thead>
          <tr>{selection && <th scope="col" className={classes.choose}><AllCheck sets={sets} selection={selection} /></th>}<th scope="col">Name</th><th scope="col">State</th><th scope="col">Format</th><th scope="col">Shape</th><th scope="col" className={classes.number}>Size</th><th scope="col">Added</th></tr>
        </thead>
        <tbody ref={body}>
          {first > 0 && <tr aria-hidden="true" style={{ height: first * ROW }}><td colSpan={columns} /></tr>}
          {sets.slice(first, last).map((set) => <Row key={set.id} set={set} selection={selection} />)}
          {last < sets.length && <tr aria-hidden="true" style={{ height: (sets.length - last) * ROW }}><td colSpan={columns} /></tr>}
        </tbody>
      </table>
    </div>
  );
}

function AllCheck({ sets, selection }: { sets: FileSet[]; selection: Selection }) {
  const isAll = sets.length > 0 && selection.items.length === sets.length;
  return (
    <input type="checkbox" aria-label="Choose all that are loaded" checked={isAll} onChange={isAll ? selection.clear : selection.all}
      ref={(box) => { if (box) box.indeterminate = !isAll && selection.items.length > 0; }} />
  );
}

function Row({ set, selection }: { set: FileSet; selection: Selection | undefined }) {
  const state = reading(set);
  const picking = usePicking(set.id, selection);
  return (
    <tr className={classes.row} data-chosen={selection?.has(set.id) || undefined}>
      {selection && <td className={classes.choose}><Check id={set.id} name={baseName(set.name)} selection={selection} /></td>}
      <td>
        <Link to={`/file-sets/${set.id}`} className={classes.name} onFocus={() => selection?.reach(set.id)} {...picking}>
          <span className={classes.thumbnail}>{set.thumbnail && <img src={address(set.thumbnail)} alt="" loading="lazy" width={34} height={34} />}</span>
          <span title={set.name}><span className={classes.folder}>{folderOf(set.name)}</span>{baseName(set.name)}</span>
        </Link>
      </td>
      <td data-tone={state?.tone} title={state?.why ?? undefined}>{state?.words ?? (set.reading === 'read' ? 'read' : 'text')}</td>
      <td>{set.formatName ?? ''}</td>
      <td>{set.image ? formatExtent(set.image.shape) : ''}</td>
      <td className={classes.number}>{formatSize(set.size)}</td>
      <td><Moment at={set.createdAt} /></td>
    </tr>
  );
}
