import { Link } from 'react-router-dom';
import { Icon } from '../shared/Icon';
import { Moment } from '../shared/Moment';
import { addressOf, useRecent } from './recent';
import classes from './RecentList.module.css';

const SHOWN = 8;

/** The way back to what one looked at last. */
export function RecentList() {
  const recent = useRecent().slice(0, SHOWN);
  if (!recent.length) return null;
  return (
    <section className={classes.recent} aria-labelledby="recently-seen">
      <h2 id="recently-seen">Recently seen</h2>
      <ul>
        {recent.map((seen) => (
          <li key={seen.id}>
            <Link to={addressOf(seen)}>
              <Icon name={seen.kind === 'fileSet' ? 'file' : seen.kind} size={16} />
              <span className={classes.name}>{seen.name}{seen.within && <span className={classes.within}> in {seen.within}</span>}</span>
              <span className={classes.at}><Moment at={new Date(seen.at).toISOString()} /></span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
