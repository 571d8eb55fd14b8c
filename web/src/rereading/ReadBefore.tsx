import type { FileRereading } from '../api/types';
import { Moment } from '../shared/Moment';
import { Changes } from './Changes';
import { useFileRereadings } from './queries';
import classes from './rereading.module.css';
import { facts, versionWords } from './words';

/** How a file was read before, where that was different: one line for each time, which opens the difference. */
export function ReadBefore({ set }: { set: string }) {
  const times = useFileRereadings(set).data?.items ?? [];
  return times.map((time) => <Time key={time.id} time={time} />);
}

function Time({ time }: { time: FileRereading }) {
  const versions = versionWords(time.before, time.after);
  if (time.outcome === 'changed')
    return (
      <details className={classes.before}>
        <summary>Read again with {versions}, <Moment at={time.at} />: {facts(time.changeCount)} came out differently</summary>
        <Changes changes={time.changes} changeCount={time.changeCount} />
      </details>
    );
  if (time.outcome === 'newly_read') return <p className={classes.before}>Read for the first time with {versions}, <Moment at={time.at} />. Readers before could not.</p>;
  return <p className={classes.before}>Could not be read again, <Moment at={time.at} />{time.before && ': shown as it was read before'}. {time.note}</p>;
}
