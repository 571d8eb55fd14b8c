import { useEffect, useMemo, useRef, useState } from 'react';
import type { Annotation } from '../api/types';
import type { Frame } from './frame';
import { gridOf } from './grid';
import classes from './Layer.module.css';
import { COLOURS, paint, paintSelected, type Scene } from './paint';
import type { Drawn } from './shapes';
import { useDrawing } from './useDrawing';
import { useDrawingKeys } from './useDrawingKeys';
import type { Marks } from './useMarks';

/** What is marked, over the image, and what is being drawn. Two canvases: the upper one has only what changes under the pointer. */
export function Layer({ marks, frame }: { marks: Marks; frame: Frame }) {
  const lower = useRef<HTMLCanvasElement>(null);
  const upper = useRef<HTMLCanvasElement>(null);
  const [draft, setDraft] = useState<Drawn | null>(null);
  const { items, selected, isShown, tool, canEdit } = marks;
  const grid = useMemo(() => gridOf(items), [items]);
  const colours = useMemo(() => coloursOf(items), [items]);
  const index = useMemo(() => selected ? items.indexOf(selected) : -1, [items, selected]);
  const scene: Scene = { shapes: items, colours, grid, selected: index };
  useDrawing(upper, marks, scene, frame, draft, setDraft);
  useDrawingKeys(marks, frame, draft, setDraft);

  useFrame(lower, frame, [grid, colours, index, isShown, frame.x, frame.y, frame.stepX, frame.stepY, frame.width, frame.height], (context, ratio) => {
    if (isShown) paint(context, scene, frame, ratio);
  });
  useFrame(upper, frame, [selected, draft, canEdit, tool, frame.x, frame.y, frame.stepX, frame.stepY, frame.width, frame.height], (context) => {
    const shape = draft ?? selected;
    if (shape) paintSelected(context, shape, frame, canEdit && (tool === 'select' || draft !== null));
  });
  return (
    <>
      <canvas ref={lower} className={classes.canvas} aria-hidden="true" />
      <canvas ref={upper} className={classes.canvas} data-tool={tool} role="img" aria-label={`${items.length.toLocaleString('en-US')} annotations`} />
    </>
  );
}

/** Paints before the browser draws next, where something changed. */
function useFrame(canvas: React.RefObject<HTMLCanvasElement | null>, { width, height }: Frame, because: unknown[], draw: (context: CanvasRenderingContext2D, ratio: number) => void): void {
  useEffect(() => {
    const asked = requestAnimationFrame(() => {
      const element = canvas.current;
      const context = element?.getContext('2d');
      if (!element || !context) return;
      const ratio = window.devicePixelRatio || 1;
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (element.width !== w || element.height !== h) [element.width, element.height] = [w, h];
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, w, h);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      draw(context, ratio);
    });
    return () => cancelAnimationFrame(asked);
  }, because);
}

/** A colour for each first tag, in the order in which tags are met. */
function coloursOf(items: readonly Annotation[]): Uint8Array {
  const known = new Map<string, number>();
  return Uint8Array.from(items, ({ tags }) => {
    const tag = tags[0];
    if (!tag) return 0;
    let colour = known.get(tag);
    if (colour === undefined) known.set(tag, (colour = 1 + (known.size % (COLOURS.length - 1))));
    return colour;
  });
}
