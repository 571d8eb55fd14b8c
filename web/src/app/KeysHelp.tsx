import { Kbd, Modal } from '@mantine/core';
import classes from './KeysHelp.module.css';

const KEYS: [string, [string[], string][]][] = [
  ['Everywhere', [[['/'], 'Go to the filter of the page'], [['Esc'], 'Go back, or leave the filter'], [['?'], 'Show these keys']]],
  ['Picture wall', [[['←', '→', '↑', '↓'], 'Move'], [['Enter'], 'Open'], [['v'], 'Switch between wall and table']]],
  ['File', [[['←', '→'], 'Previous and next in the list'], [['+', '−'], 'Zoom in and out'], [['0'], 'Fit the image'], [['m'], 'Metadata'], [['f'], 'Files'], [['x'], 'Axes'], [['h'], 'History'], [['d'], 'Download'], [['F2'], 'Rename'], [['a'], 'Facts or annotations beside the image'], [['o'], 'Hide or show the annotations']]],
  ['Marking in an image', [[['s'], 'Select'], [['p', 'l', 'y', 'b', 'e', 'g'], 'Point, line, polyline, box, ellipse, polygon'], [['Enter'], 'Put one in the middle, or end the vertices'], [['Backspace'], 'Take a vertex back, or remove the selected'], [['←', '→', '↑', '↓'], 'Move the selected by a pixel, with Shift by ten'], [['Ctrl Z'], 'Undo']]],
];

export default function KeysHelp({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard">
      {KEYS.map(([where, keys]) => (
        <section key={where} className={classes.group}>
          <h3>{where}</h3>
          <dl>
            {keys.map(([names, does]) => (
              <div key={does}>
                <dt>{names.map((name) => <Kbd key={name}>{name}</Kbd>)}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
