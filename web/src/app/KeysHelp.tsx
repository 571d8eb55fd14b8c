import { Kbd, Modal } from '@mantine/core';
import classes from './KeysHelp.module.css';

const KEYS: [string, [string[], string][]][] = [
  ['Everywhere', [[['/'], 'Search everything'], [['Esc'], 'Go back, or leave the search'], [['Ctrl', 'K'], 'Command palette: go anywhere, do anything'], [['?'], 'Show these keys']]],
  ['Search box', [[['↑', '↓'], 'Choose a completion or a file'], [['Tab'], 'Take the completion and type on'], [['Enter'], 'Take what is chosen, or search']]],
  ['Picture wall', [[['←', '→', '↑', '↓'], 'Move'], [['Enter'], 'Open'], [['x'], 'Choose, or leave out'], [['Shift', '←', '→'], 'Choose on the way'], [['Ctrl', 'A'], 'Choose all that are loaded'], [['Esc'], 'Choose nothing'], [['i'], 'Details beside the list'], [['v'], 'Switch between wall and table']]],
  ['Project, dataset', [[['F2'], 'Rename'], [['e'], 'Describe']]],
  ['File', [[['←', '→'], 'Previous and next in the list'], [['+', '−'], 'Zoom in and out'], [['0'], 'Fit the image'], [['m'], 'Metadata'], [['f'], 'Files'], [['n'], 'Notes and comments'], [['x'], 'Axes'], [['h'], 'History'], [['d'], 'Download'], [['F2'], 'Rename'], [['a'], 'Facts or annotations beside the image'], [['o'], 'Hide or show the annotations']]],
  ['Marking in an image', [[['s'], 'Select'], [['p', 'l', 'y', 'b', 'e', 'g'], 'Point, line, polyline, box, ellipse, polygon'], [['Enter'], 'Put one in the middle, or end the vertices'], [['Backspace'], 'Take a vertex back, or remove the selected'], [['←', '→', '↑', '↓'], 'Move the selected by a pixel, with Shift by ten'], [['Ctrl Z'], 'Undo']]],
  ['Two files beside each other', [[['+', '−'], 'Zoom both'], [['0'], 'Fit both'], [['o'], 'Only differences'], [['s'], 'Swap'], [['Esc'], 'Back to the first']]],
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
