import { Switch } from '@mantine/core';
import { useQueryState } from '../../shared/useQueryState';
import classes from './FileContent.module.css';
import { isProse } from './kind';

/** Text as it stands in the file, with the numbers of its lines on request; prose is wrapped where nobody says otherwise. Text nodes only: whatever it says, it stays words. */
export function TextView({ text, label }: { text: string; label: string }) {
  const [numbers, setNumbers] = useQueryState('lines', '');
  const [wrap, setWrap] = useQueryState('wrap', isProse(label) ? 'on' : 'off');
  const wrapped = wrap === 'on';
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return (
    <>
      <div className={classes.choices}>
        <Switch size="xs" label="Line numbers" checked={numbers !== ''} onChange={(event) => setNumbers(event.currentTarget.checked ? 'on' : '')} />
        <Switch size="xs" label="Wrap lines" checked={wrapped} onChange={(event) => setWrap(event.currentTarget.checked ? 'on' : 'off')} />
      </div>
      <div className={classes.scroller} tabIndex={0} role="group" aria-label={label}>
        {numbers && !wrapped && <pre className={classes.numbers} aria-hidden="true">{lines.map((_, i) => i + 1).join('\n')}</pre>}
        {numbers && wrapped
          ? <ol className={classes.lines}>{lines.map((line, i) => <li key={i}>{line}</li>)}</ol>
          : <pre className={classes.text} data-wrapped={wrapped || undefined}>{lines.join('\n')}</pre>}
      </div>
    </>
  );
}
