import { memo, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { Link } from 'react-router-dom';
import { address } from '../api/client';
import type { List } from '../api/useList';
import type { FileSet } from '../api/types';
import { Check } from '../selection/Check';
import { usePicking } from '../selection/usePicking';
import type { Choosing, Selection } from '../selection/useSelection';
import { formatExtent, formatSize } from '../shared/format';
import { Icon } from '../shared/Icon';
import { Moment } from '../shared/Moment';
import { useTallWindow } from '../shared/useTallWindow';
import { kindOfName } from './content/kind';
import classes from './FileSetTable.module.css';
import { baseName, folderOf } from './names';
import { reading } from './reading';

const ROW = 44;
const rowHeight = () => ROW;

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
  list: List;
  selection: Selection;
  /** What stands behind the name. */
  columns?: readonly Column[];
  order?: Order;
}

/** The same files as rows. Rows out of sight are left out and counted by their height; those that are not here yet are empty. */
export default function FileSetTable({ list: { total, at, see }, selection, columns = COLUMNS, order }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useMemo(() => ({ count: () => total, height: rowHeight }), [total]);
  const { first, last, height, shift } = useTallWindow(body, rows);
  useEffect(() => see(first, last), [see, first, last]);
  const end = Math.min(last, total);
  const above = first * ROW - shift;
  const below = height - above - (end - first) * ROW;
  const width = columns.length + 2;
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label="Table of files">
      <table className={classes.table} aria-rowcount={total}>
        <thead>
          <tr>
            <th scope="col" className={classes.choose}><AllCheck total={total} selection={selection} /></th>
            {[{ name: 'name', label: 'Name', isNumber: false }, ...columns].map((column) => <Heading key={column.name} column={column} order={order} />)}
          </tr>
        </thead>
        <tbody ref={body}>
          {above > 0 && <tr aria-hidden="true" style={{ height: above }}><td colSpan={width} /></tr>}
          {Array.from({ length: Math.max(0, end - first) }, (_, i) => {
            const set = at(first + i);
            return set ? <Row key={first + i} index={first + i} set={set} columns={columns} isChosen={selection.has(set.id)} choosing={selection.choosing} /> : <tr key={first + i} aria-hidden="true"><td colSpan={width} /></tr>;
          })}
          {below > 0 && <tr aria-hidden="true" style={{ height: below }}><td colSpan={width} /></tr>}
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

function AllCheck({ total, selection }: { total: number; selection: Selection }) {
  const isAll = total > 0 && selection.items.length === total;
  return (
    <input type="checkbox" aria-label="Choose all of the list" checked={isAll} onChange={isAll ? selection.clear : selection.all}
      ref={(box) => { if (box) box.indeterminate = !isAll && selection.items.length > 0; }} />
  );
}

const Row = memo(function Row({ index, set, columns, isChosen, choosing }: { index: number; set: FileSet; columns: readonly Column[]; isChosen: boolean; choosing: Choosing }) {
  const picking = usePicking(set.id, choosing);
  return (
    <tr className={classes.row} data-chosen={isChosen || undefined} aria-rowindex={index + 2}>
      <td className={classes.choose}><Check id={set.id} name={baseName(set.name)} isChosen={isChosen} selection={choosing} /></td>
      <td>
        <Link to={`/file-sets/${set.id}`} className={classes.name} onFocus={() => choosing.reach(set.id)} {...picking}>
          <span className={classes.thumbnail}>{set.thumbnail && <img src={address(set.thumbnail)} alt="" loading="lazy" decoding="async" width={34} height={34} />}</span>
          <span title={set.name}><span className={classes.folder}>{folderOf(set.name)}</span>{baseName(set.name)}</span>
        </Link>
      </td>
      {columns.map(({ name, isNumber, cell }) => <td key={name} className={`${classes.cell} ${isNumber ? classes.number : ''}`}>{cell(set)}</td>)}
    </tr>
  );
});

function State({ set }: { set: FileSet }) {
  const state = reading(set);
  return <span className={classes.state} data-tone={state?.tone} title={state?.why ?? undefined}>{state?.words ?? (set.reading === 'read' ? 'read' : kindOfName(set.name) === 'pdf' ? 'PDF' : 'text')}</span>;
}
