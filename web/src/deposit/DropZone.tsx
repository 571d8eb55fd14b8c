import { lazy, Suspense, useEffect, useState } from 'react';
import { type Place, usePlace } from '../app/place';
import { useMe } from '../api/queries';
import { sayProblem } from '../shared/toasts';
import classes from './DropZone.module.css';
import { plannedFromEntries, plannedFromInput } from './folders';
import { take, useIntake } from './intake';
import { forgetLeft, remember } from './left';
import { LeftNote } from './LeftNote';
import { Tray } from './Tray';
import { useQueue } from './useQueue';
import { queue } from './uploader';

// The tray is here from the beginning: it must work while the hub is gone and no code can be fetched.
const IntakeDialog = lazy(() => import('./IntakeDialog'));

/** Takes what is dropped anywhere on the window, and shows the tray once there is something in it. */
export function DropZone() {
  const place = usePlace();
  const me = useMe().data;
  const over = useDrops(place);
  const intake = useIntake();
  const { items } = useQueue();
  useEffect(() => {
    // Uploads of an earlier page are found again. A hub without any answers an empty list; a guest has none.
    if (me) queue.findUnfinished().catch(() => {});
  }, [me]);
  useStayWhileMoving();
  useEffect(() => {
    const timer = setTimeout(() => void import('./IntakeDialog'), 2000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Suspense>
      {over && <div className={classes.over} role="status"><p>{words(place)}</p></div>}
      {intake && <IntakeDialog intake={intake} />}
      {items.length > 0 && <Tray />}
      <LeftNote />
    </Suspense>
  );
}

function words(place: Place | null): string {
  if (!place) return 'Drop to choose a project for it';
  return place.canAdd ? `Drop to add to ${place.name}` : `You may not add to ${place.name}`;
}

function useDrops(place: Place | null): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const dragged = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent) => {
      if (!event.relatedTarget) setOver(false);
    };
    const dropped = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      // The entries must be taken before the event ends; the walk may take its time.
      const items = [...(event.dataTransfer?.items ?? [])].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
      const entries = items.map(({ entry }) => entry).filter((entry) => entry !== null);
      // What comes out of another page (an image dragged from it) is a file without a place in a file system.
      const loose = items.filter(({ entry, file }) => !entry && file).map(({ file }) => file!);
      plannedFromEntries(entries).then(({ files, refused }) => take([...files, ...plannedFromInput(loose)], place, refused), sayProblem);
    };
    window.addEventListener('dragenter', dragged);
    window.addEventListener('dragover', dragged);
    window.addEventListener('dragleave', left);
    window.addEventListener('drop', dropped);
    return () => {
      window.removeEventListener('dragenter', dragged);
      window.removeEventListener('dragover', dragged);
      window.removeEventListener('dragleave', left);
      window.removeEventListener('drop', dropped);
    };
  }, [place]);
  return over;
}

/** Leaving the page asks first while files wait that only this page knows of. */
function useStayWhileMoving(): void {
  useEffect(() => {
    const leaving = (event: BeforeUnloadEvent) => {
      if (queue.snapshot().items.some(({ phase }) => phase === 'waiting' || phase === 'moving' || phase === 'paused')) event.preventDefault();
    };
    const left = () => remember(queue.snapshot().items);
    window.addEventListener('beforeunload', leaving);
    window.addEventListener('pagehide', left);
    // Kept whole by the browser and shown again: it goes on with its files itself.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) forgetLeft();
    };
    window.addEventListener('pageshow', shown);
    return () => {
      window.removeEventListener('beforeunload', leaving);
      window.removeEventListener('pagehide', left);
      window.removeEventListener('pageshow', shown);
    };
  }, []);
}
