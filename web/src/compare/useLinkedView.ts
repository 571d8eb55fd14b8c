import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';
import { FIT, fromText, MOST, toText, type Viewport } from '../files/viewport';
import { useQueryState } from '../shared/useQueryState';

/** One part of both pictures, in fractions of each: what lies in the middle of one lies in the middle of the other. */
export interface LinkedView {
  view: Viewport;
  setView: Dispatch<SetStateAction<Viewport>>;
  /** Around the middle. */
  zoom: (factor: number) => void;
}

/** The view that pictures share; the address holds it. */
export function useLinkedView(): LinkedView {
  const [asked, setAsked] = useQueryState('zoom', '');
  const [view, setView] = useState(() => fromText(asked));
  useEffect(() => {
    const text = toText(view);
    const timer = setTimeout(() => text !== asked && setAsked(text), 300);
    return () => clearTimeout(timer);
    // The address follows the view, not the other way round.
  }, [view]);
  const zoom = (factor: number) => setView((old) => {
    const next = Math.min(MOST, Math.max(1, old.zoom * factor));
    return next === 1 ? FIT : { ...old, zoom: next };
  });
  return { view, setView, zoom };
}
