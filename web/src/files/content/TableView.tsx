import { type Rows, numericColumns } from './delimited';
import classes from './FileContent.module.css';

/** Rows and columns; the first row stands above the others while they scroll. */
export function TableView({ rows, label }: { rows: Rows; label: string }) {
  const isNumber = numericColumns(rows);
  const [head, ...body] = rows.rows;
  const cells = (row: string[]) => Array.from({ length: rows.columns }, (_, column) => row[column] ?? '');
  const align = (column: number) => (isNumber[column] ? 'number' : undefined);
  return (
    <div className={classes.scroller} tabIndex={0} role="group" aria-label={label}>
      <table className={classes.table}>
        <thead><tr>{cells(head ?? []).map((cell, i) => <th key={i} data-kind={align(i)}>{cell}</th>)}</tr></thead>
        <tbody>{body.map((row, i) => <tr key={i}>{cells(row).map((cell, column) => <td key={column} data-kind={align(column)}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
