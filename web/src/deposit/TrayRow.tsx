import { ActionIcon, Button, Progress } from '@mantine/core';
import { useRef } from 'react';
import { Link } from 'react-router-dom';
import { Digest } from '../shared/Copyable';
import { formatSeconds, formatSize, formatSpeed } from '../shared/format';
import { Icon, type IconName } from '../shared/Icon';
import { sayProblem } from '../shared/toasts';
import { kindOfName } from '../files/content/kind';
import { isSettled, type Item } from './queue';
import classes from './Tray.module.css';
import { queue } from './uploader';

export function TrayRow({ item, top }: { item: Item; top: number }) {
  const name = item.path.slice(item.path.lastIndexOf('/') + 1);
  // What was begun elsewhere shows where it goes: the page it was dropped on may not be this one.
  const target = item.fileSetId ? `/file-sets/${item.fileSetId}` : item.phase === 'needsFile' ? `/nodes/${item.node}` : null;
  return (
    <li className={classes.row} style={{ top }} data-phase={item.phase} data-reading={item.reading}>
      <div className={classes.text}>
        <span className={classes.name} title={item.path}>{target ? <Link to={target}>{name}</Link> : name}</span>
        <span className={classes.state}><State item={item} /></span>
        {item.phase === 'moving' && <Progress value={item.size ? (100 * item.sent) / item.size : 100} size={2} aria-label={`Of ${name}`} transitionDuration={200} />}
      </div>
      <Actions item={item} name={name} />
    </li>
  );
}

function State({ item }: { item: Item }) {
  switch (item.phase) {
    case 'waiting':
      return <>waiting · {formatSize(item.size)}{item.sent > 0 && `, ${formatSize(item.sent)} of it sent`}</>;
    case 'moving':
      return <>{formatSize(item.sent)} of {formatSize(item.size)}{item.speed > 0 && <> · {formatSpeed(item.speed)} · {formatSeconds((item.size - item.sent) / item.speed)} left</>}</>;
    case 'paused':
      return <>paused at {formatSize(item.sent)} of {formatSize(item.size)}</>;
    case 'needsFile':
      return <><span title="Pick the same file to go on, or put it again.">{formatSize(item.sent)} of {formatSize(item.size)} there</span></>;
    case 'failed':
      return <span className={classes.failed} title={[item.reason, item.nextStep].filter(Boolean).join(' ')}>{item.reason} {item.nextStep}</span>;
    case 'stored':
      return <>{reading(item)}{item.sha256 && <> · <Digest sha256={item.sha256} /></>}</>;
    case 'cancelled':
      return <>cancelled</>;
  }
}

function reading(item: Item): string {
  if (item.alreadyThere) return 'already there';
  switch (item.reading) {
    case 'read': return 'stored · read';
    case 'reading': return 'stored · reading';
    case 'no_reader': return kindOfName(item.path) ? 'stored' : 'stored · no reader yet';
    case 'failed': return 'stored · reading failed';
    default: return 'stored · waits to be read';
  }
}

function Actions({ item, name }: { item: Item; name: string }) {
  const input = useRef<HTMLInputElement>(null);
  const act = (icon: IconName, label: string, run: () => void) => (
    <ActionIcon aria-label={`${label} ${name}`} title={label} onClick={run}><Icon name={icon} size={16} /></ActionIcon>
  );
  switch (item.phase) {
    case 'moving':
    case 'waiting':
      return <>{act('pause', 'Pause', () => queue.pause(item.id))}{act('close', 'Cancel', () => queue.cancel(item.id))}</>;
    case 'paused':
      return <>{act('play', 'Go on with', () => queue.resume(item.id))}{act('close', 'Cancel', () => queue.cancel(item.id))}</>;
    case 'failed':
      return <>{act('retry', 'Try again', () => queue.retry(item.id))}{act('close', 'Leave out', () => queue.cancel(item.id))}</>;
    case 'needsFile':
      return (
        <>
          <Button size="compact-xs" variant="default" onClick={() => input.current?.click()}>Pick the file</Button>
          <input ref={input} type="file" hidden aria-label={`Pick ${name} again`} onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            const problem = file && queue.pick(item.id, file);
            if (problem) sayProblem(problem);
          }} />
          {act('close', 'Forget', () => queue.cancel(item.id))}
        </>
      );
    default:
      return <span className={classes.done} data-settled={isSettled(item) || undefined}><Icon name={item.reading === 'failed' && !item.alreadyThere ? 'warning' : 'check'} size={16} /></span>;
  }
}
