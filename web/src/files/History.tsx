import { useEvents } from '../api/queries';
import { Moment } from '../shared/Moment';
import { ProblemView } from '../shared/ProblemView';
import { Waiting } from '../shared/Waiting';
import classes from './History.module.css';

/** What happened, newest first, in words that follow the name of who did it. */
export default function History({ of, id }: { of: 'nodes' | 'file-sets'; id: string }) {
  const events = useEvents(of, id);
  if (events.isError) return <ProblemView error={events.error} what="history" retry={() => void events.refetch()} />;
  if (!events.data) return <Waiting for="the history" />;
  return (
    <ol className={classes.history}>
      {events.data.items.map((event) => (
        <li key={event.id}>
          <span className={classes.when}><Moment at={event.at} /></span>
          <span><span className={classes.who}>{event.actor.name}</span> {event.words}</span>
        </li>
      ))}
    </ol>
  );
}
