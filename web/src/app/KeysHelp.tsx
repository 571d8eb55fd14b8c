import { Kbd, Modal } from '@mantine/core';
import classes from './KeysHelp.module.css';

const KEYS: [string, [string[], string][]][] = [
  ['Everywhere', [[['/'], 'Go to the filter of the page'], [['Esc'], 'Go back, or leave the filter'], [['?'], 'Show these keys']]],
  ['Picture wall', [[['←', '→', '↑', '↓'], 'Move'], [['Enter'], 'Open'], [['v'], 'Switch between wall and table']]],
  ['File', [[['←', '→'], 'Previous and next in the list'], [['+', '−'], 'Zoom in and out'], [['0'], 'Fit the image'], [['m'], 'Metadata'], [['f'], 'Files'], [['n'], 'Notes and comments'], [['x'], 'Axes'], [['h'], 'History'], [['d'], 'Download'], [['F2'], 'Rename']]],
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
