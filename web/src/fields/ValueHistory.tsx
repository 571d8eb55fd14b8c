import { Modal } from '@mantine/core';
import { type Described, useFieldHistory } from '../api/queries';
import { Moment } from '../shared/Moment';
import { ProblemView } from '../shared/ProblemView';
import { Waiting } from '../shared/Waiting';
import classes from './fields.module.css';
import { shown } from './words';

/** Every value that an object has had, newest first, with who and when. */
export default function ValueHistory({ of, id, name, onClose }: { of: Described; id: string; name: string; onClose: () => void }) {
  const history = useFieldHistory(of, id);
  return (
    <Modal opened onClose={onClose} title={`Details of ${name} over time`} size="lg">
      {history.isError ? <ProblemView error={history.error} what="history" retry={() => void history.refetch()} /> : !history.data ? <Waiting for="the earlier values" /> : (
        <ol className={classes.history}>
          {history.data.items.map(({ id, fieldName, unit, value, endedAt, endedBy }) => (
            <li key={id} data-ended={endedAt !== null || undefined}>
              <span className={classes.what}>{fieldName}</span>
              <span>{shown(value, unit)}</span>
              <small>{value.setBy.name}, <Moment at={value.setAt} />{endedAt && <>, until {endedBy?.name}, <Moment at={endedAt} /></>}</small>
            </li>
          ))}
        </ol>
      )}
    </Modal>
  );
}
