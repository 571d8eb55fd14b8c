import { ActionIcon, Button, Progress } from '@mantine/core';
import { useRef, useState } from 'react';
import { count, formatSeconds, formatSize, formatSpeed } from '../shared/format';
import { Icon } from '../shared/Icon';
import { useWindowed } from '../shared/useWindowed';
import { type Item, type Queue, summarize, type Summary } from './queue';
import classes from './Tray.module.css';
import { TrayRow } from './TrayRow';
import { queue } from './uploader';
import { useQueue } from './useQueue';

const ROW = 58;

/** What is on its way: one line for all, and a row for each file. */
export function Tray() {
  const state = useQueue();
  const [chosen, setOpen] = useState<boolean | null>(null);
  const sum = summarize(state);
  // What was begun elsewhere alone does not cover the page.
  const open = chosen ?? sum.files > 0;
  const items = state.items.filter(({ phase }) => phase !== 'cancelled');
  if (!items.length) return null;
  const percent = sum.bytes ? (100 * sum.sent) / sum.bytes : sum.unfinished ? 0 : 100;
  return (
    <section className={classes.tray} aria-label="Uploads">
      <header className={classes.head}>
        <div className={classes.summary}>
          <strong>{title(sum)}</strong>
          <span className={classes.about}>{about(state, sum)}</span>
        </div>
        {sum.unfinished > 0 && (
          <ActionIcon aria-label={state.paused ? 'Go on with all uploads' : 'Pause all uploads'} onClick={() => (state.paused ? queue.resume() : queue.pause())}>
            <Icon name={state.paused ? 'play' : 'pause'} />
          </ActionIcon>
        )}
        <ActionIcon aria-label={open ? 'Fold the list of uploads' : 'Unfold the list of uploads'} aria-expanded={open} onClick={() => setOpen(!open)} className={classes.fold} data-open={open || undefined}>
          <Icon name="chevron" />
        </ActionIcon>
      </header>
      {sum.unfinished > 0 && <Progress value={percent} size={3} radius={0} aria-label="Of all bytes" transitionDuration={200} />}
      {open && <Rows items={items} />}
      {open && (
        <footer className={classes.foot}>
          {sum.stored > 0 && <Button size="compact-sm" variant="subtle" color="gray" onClick={() => queue.clear()}>Clear finished</Button>}
          {sum.unfinished > 0 && <Button size="compact-sm" variant="subtle" color="gray" onClick={() => queue.cancel()}>Cancel the rest</Button>}
          {sum.files === 0 && <Button size="compact-sm" variant="subtle" color="gray" onClick={() => queue.forget()}>Forget {sum.needsFile === 1 ? 'it' : 'them all'}</Button>}
        </footer>
      )}
    </section>
  );
}

function Rows({ items }: { items: Item[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const { first, last } = useWindowed(list, ROW, scroller);
  // What still moves or needs a person comes first.
  const ordered = [...items.filter(isOpen), ...items.filter((item) => !isOpen(item))];
  return (
    <div ref={scroller} className={classes.rows} tabIndex={0} role="group" aria-label="Files on their way">
      <ul ref={list} style={{ height: ordered.length * ROW }}>
        {ordered.slice(first, last).map((item, i) => <TrayRow key={item.id} item={item} top={(first + i) * ROW} />)}
      </ul>
    </div>
  );
}

const isOpen = ({ phase }: Item) => phase === 'failed' || phase === 'needsFile' || phase === 'moving' || phase === 'paused' || phase === 'waiting';

function title(sum: Summary): string {
  if (!sum.files) return `${count(sum.needsFile, 'upload')} to go on with`;
  if (sum.unfinished) return `${sum.stored.toLocaleString('en-US')} of ${count(sum.files, 'file')} stored`;
  if (sum.failed) return `${count(sum.stored, 'file')} stored, ${sum.failed} not`;
  return `${count(sum.stored, 'file')} stored`;
}

function about(state: Queue, sum: Summary): string {
  if (state.unreachable) return 'The hub can’t be reached. Trying again; nothing is lost.';
  if (!sum.files) return 'Begun on an earlier page or by a program';
  if (state.paused) return `Paused at ${formatSize(sum.sent)} of ${formatSize(sum.bytes)}`;
  if (sum.unfinished) return [`${formatSize(sum.sent)} of ${formatSize(sum.bytes)}`, sum.speed > 0 && formatSpeed(sum.speed), sum.secondsLeft !== null && `${formatSeconds(sum.secondsLeft)} left`].filter(Boolean).join(' · ');
  const waiting = sum.stored - sum.alreadyThere - sum.read - sum.text - sum.noReader - sum.unread;
  const parts = [[sum.alreadyThere, 'already there'], [sum.read, 'read'], [sum.text, 'text or PDF'], [sum.noReader, 'without a reader yet'], [sum.unread, 'not readable'], [waiting, 'to be read'], [sum.needsFile, 'begun earlier']] as const;
  return parts.filter(([n]) => n > 0).map(([n, words]) => `${n.toLocaleString('en-US')} ${words}`).join(' · ');
}
