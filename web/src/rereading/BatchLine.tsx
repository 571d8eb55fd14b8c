import { Button, Progress } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import type { RereadingRecord } from '../api/types';
import { Moment } from '../shared/Moment';
import { sayProblem } from '../shared/toasts';
import { batchesChanged, moveBatch } from './queries';
import classes from './rereading.module.css';
import settings from '../settings/settings.module.css';
import { choiceWords, outcomeWords } from './words';

/** A batch with how far it is, and what can be done with it. */
export function BatchLine({ batch, isLink = false, isBehind = false }: { batch: RereadingRecord; isLink?: boolean; isBehind?: boolean }) {
  const move = useMutation({ mutationFn: moveBatch, onSuccess: batchesChanged, onError: sayProblem });
  const name = choiceWords(batch);
  const open = batch.state === 'running' || batch.state === 'paused';
  const total = Math.max(batch.planned, batch.done + batch.reading);
  const state = batch.state === 'cancelled' ? 'cancelled' : batch.state === 'ended' ? 'done' : batch.state === 'paused' ? 'paused' : isBehind ? 'begins when the one before has ended' : 'running';
  return (
    <>
      <div className={classes.line}>
        <span>
          {isLink ? <Link to={`/admin/readers/${batch.id}`}>{upper(name)}</Link> : <strong>{upper(name)}</strong>}
          <span className={settings.quiet}> {batch.cause === 'upgrade' ? 'since newer readers came' : `asked for by ${batch.startedBy}`}, <Moment at={batch.startedAt} />, {state}</span>
        </span>
        {open && (
          <Button.Group>
            <Button size="compact-sm" variant="default" loading={move.isPending} aria-label={`${batch.state === 'paused' ? 'Go on with' : 'Pause'} ${name}`} onClick={() => move.mutate({ id: batch.id, state: batch.state === 'paused' ? 'running' : 'paused' })}>{batch.state === 'paused' ? 'Go on' : 'Pause'}</Button>
            <Button size="compact-sm" variant="default" loading={move.isPending} aria-label={`Cancel ${name}`} onClick={() => move.mutate({ id: batch.id, state: 'cancelled' })}>Cancel</Button>
          </Button.Group>
        )}
      </div>
      {open && <Progress className={classes.bar} value={total === 0 ? 0 : (100 * batch.done) / total} aria-label={`${name}: progress`} />}
      <div className={settings.quiet}>{[`${batch.done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} read again`, ...outcomeWords(batch)].join(', ')}</div>
    </>
  );
}

const upper = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
