import { type Rows, hasHead, numericColumns } from './delimited';
import classes from './FileContent.module.css';

/** Rows and columns; a first row of headings stands above the others while they scroll. */
export function TableView({ rows, label }: { rows: Rows; label: string }) {
  const isNumber = numericColumns(rows);
  const [head, body] = hasHead(rows) ? [rows.rows[0]!, rows.rows.slice(1)] : [null, rows.rows];
  const cells = (row: string[]) => Array.from({ length: rows.columns }, (_, column) => row[column] ?? '');
  const align = (column: number) => (isNumber[column] ? 'number' : undefined);
  return (
    <div className={classes.scroller} tabIndex={0} role="group" aria-label={label}>
      <table className={classes.table}>
        {head && <thead><tr>{cells(head).map((cell, i) => <th key={i} data-kind={align(i)}>{cell}</th>)}</tr></thead>}
        <tbody>{body.map((row, i) => <tr key={i}>{cells(row).map((cell, column) => <td key={column} data-kind={align(column)}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
