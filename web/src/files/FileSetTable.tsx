import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'react-router-dom';
import { address } from '../api/client';
import type { FileSet } from '../api/types';
import { Check } from '../selection/Check';
import { usePicking } from '../selection/usePicking';
import type { Selection } from '../selection/useSelection';
import { formatExtent, formatSize } from '../shared/format';
import { Icon } from '../shared/Icon';
import { Moment } from '../shared/Moment';
import { useWindowed } from '../shared/useWindowed';
import { kindOfName } from './content/kind';
import classes from './FileSetTable.module.css';
import { baseName, folderOf } from './names';
import { reading } from './reading';

const ROW = 44;
/** So many rows before the end of what is loaded, more is asked for. */
const AHEAD = 150;

export interface Column {
  name: string;
  label: string;
  isNumber?: boolean;
  cell: (set: FileSet) => ReactNode;
}

/** By which column the list is ordered, and which can be. */
export interface Order {
  by: string;
  isDescending: boolean;
  orders: (column: string) => boolean;
  orderBy: (column: string) => void;
}

const COLUMNS: readonly Column[] = [
  { name: 'state', label: 'State', cell: (set) => <State set={set} /> },
  { name: 'format', label: 'Format', cell: ({ formatName }) => formatName },
  { name: 'shape', label: 'Shape', cell: ({ image }) => image && formatExtent(image.shape) },
  { name: 'size', label: 'Size', isNumber: true, cell: ({ size }) => formatSize(size) },
  { name: 'added', label: 'Added', cell: ({ createdAt }) => <Moment at={createdAt} /> },
];

interface Props {
  sets: FileSet[];
  onEnd: () => void;
  selection?: Selection;
  /** What stands behind the name. */
  columns?: readonly Column[];
  order?: Order;
}

/** The same files as rows. Rows out of sight are left out and counted by their height. */
export default function FileSetTable({ sets, onEnd, selection, columns = COLUMNS, order }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, last } = useWindowed(body, ROW);
  useEffect(() => {
    if (last + AHEAD >= sets.length) onEnd();
  }, [last, sets.length, onEnd]);
  const width = columns.length + (selection ? 2 : 1);
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label="Table of files">
      <table className={classes.table} aria-rowcount={sets.length}>
        <thead>
          <tr>
            {selection && <th scope="col" className={classes.choose}><AllCheck sets={sets} selection={selection} /></th>}
            {[{ name: 'name', label: 'Name', isNumber: false }, ...columns].map((column) => <Heading key={column.name} column={column} order={order} />)}
          </tr>
        </thead>
        <tbody ref={body}>
          {first > 0 && <tr aria-hidden="true" style={{ height: first * ROW }}><td colSpan={width} /></tr>}
          {sets.slice(first, last).map((set) => <Row key={set.id} set={set} columns={columns} selection={selection} />)}
          {last < sets.length && <tr aria-hidden="true" style={{ height: (sets.length - last) * ROW }}><td colSpan={width} /></tr>}
        </tbody>
      </table>
    </div>
  );
}

function Heading({ column: { name, label, isNumber }, order }: { column: Pick<Column, 'name' | 'label' | 'isNumber'>; order: Order | undefined }) {
  const className = isNumber ? classes.number : undefined;
  if (!order?.orders(name)) return <th scope="col" className={className}>{label}</th>;
  const direction = order.by === name ? (order.isDescending ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" className={className} aria-sort={direction}>
      <button type="button" className={classes.heading} onClick={() => order.orderBy(name)}>{label}{direction && <Icon name={order.isDescending ? 'down' : 'up'} size={14} />}</button>
    </th>
  );
}

function AllCheck({ sets, selection }: { sets: FileSet[]; selection: Selection }) {
  const isAll = sets.length > 0 && selection.items.length === sets.length;
  return (
    <input type="checkbox" aria-label="Choose all that are loaded" checked={isAll} onChange={isAll ? selection.clear : selection.all}
      ref={(box) => { if (box) box.indeterminate = !isAll && selection.items.length > 0; }} />
  );
}

function Row({ set, columns, selection }: { set: FileSet; columns: readonly Column[]; selection: Selection | undefined }) {
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
      {columns.map(({ name, isNumber, cell }) => <td key={name} className={`${classes.cell} ${isNumber ? classes.number : ''}`}>{cell(set)}</td>)}
    </tr>
  );
}

function State({ set }: { set: FileSet }) {
  const state = reading(set);
  return <span className={classes.state} data-tone={state?.tone} title={state?.why ?? undefined}>{state?.words ?? (set.reading === 'read' ? 'read' : kindOfName(set.name) === 'pdf' ? 'PDF' : 'text')}</span>;
}
