import classes from './FileContent.module.css';
import { hexRows } from './hex';

/** The first bytes of a file that is no text: enough to tell by its signature what it is. */
export function HexView({ bytes }: { bytes: Uint8Array }) {
  return (
    <div className={classes.scroller} tabIndex={0} role="group" aria-label="First bytes">
      <table className={classes.hex}>
        <thead><tr><th>Offset</th><th>Bytes</th><th>ASCII</th></tr></thead>
        <tbody>{hexRows(bytes).map(({ offset, hex, ascii }) => <tr key={offset}><td>{offset}</td><td>{hex}</td><td>{ascii}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
