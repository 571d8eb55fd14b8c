import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import type { Frame } from '../annotations/frame';
import { Layer } from '../annotations/Layer';
import { Toolbar } from '../annotations/Toolbar';
import type { Marks } from '../annotations/useMarks';
import { address } from '../api/client';
import type { Image } from '../api/types';
import type { LinkedView } from '../compare/useLinkedView';
import { useKeys } from '../shared/keys';
import { useQueryState } from '../shared/useQueryState';
import { formatNumber } from './quantity';
import { chooseScaleBar, previewPixel } from './scaleBar';
import classes from './Stage.module.css';
import { useGestures } from './useGestures';
import { clamp, FIT, fitScale, fromText, MOST, on, toText, type Viewport, zoomAt } from './viewport';

/** The picture on neutral grey (lower where other things share the first view), with a calibrated scale bar and what is marked in it; zoomed and moved by wheel, fingers, buttons or keys; with others where they are linked, whose page then has the keys and the address. */
export function Stage({ image, isLow, marks, linked }: { image: Image; isLow: boolean; marks?: Marks; linked?: LinkedView }) {
  const preview = image.preview!;
  const { ref: measure, width, height } = useElementSize();
  const area = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useQueryState('zoom', '');
  const own = useState<Viewport>(() => fromText(asked));
  const [view, setView] = linked ? [linked.view, linked.setView] : own;
  const [state, setState] = useState<'arriving' | 'there' | 'missing'>('arriving');
  const stage = { width: width || 1, height: height || 1 };
  const shown = clamp(view, stage, preview);
  const scale = fitScale(stage, preview) * shown.zoom;
  const change = (to: (view: Viewport) => Viewport) => setView((old) => to(clamp(old, stage, preview)));
  const zoom = (factor: number) => change((old) => zoomAt(old, factor, stage.width / 2, stage.height / 2, stage, preview));

  useEffect(() => {
    if (linked) return;
    const text = toText(view);
    const timer = setTimeout(() => text !== asked && setAsked(text), 300);
    return () => clearTimeout(timer);
    // The address follows the view, not the other way round.
  }, [view]);
  useGestures(area, stage, preview, change);
  useKeys(linked ? {} : { '+': () => zoom(1.5), '=': () => zoom(1.5), '-': () => zoom(1 / 1.5), 0: () => setView(FIT) });

  const { plane = null, target = null } = marks ?? {};
  useEffect(() => {
    if (!target || !plane || !width) return;
    const { left, top, right, bottom } = target;
    setView(on({ left: left / plane.columns, top: top / plane.rows, right: right / plane.columns, bottom: bottom / plane.rows }, stage, preview));
    // The view goes there once, and is free afterwards.
  }, [target, width > 0]);
  const corner = { x: stage.width / 2 - shown.x * preview.width * scale, y: stage.height / 2 - shown.y * preview.height * scale };
  const frame: Frame | null = plane && { ...corner, stepX: (preview.width * scale) / plane.columns, stepY: (preview.height * scale) / plane.rows, width: stage.width, height: stage.height };

  const pixel = previewPixel(image);
  const bar = pixel && width > 0 ? chooseScaleBar(pixel.size / scale, pixel.unit, Math.min(200, stage.width * 0.3)) : null;
  return (
    <figure className={classes.figure}>
      <div ref={area} className={classes.area} data-low={isLow || undefined} data-zoomed={shown.zoom > 1 || undefined}>
        <div ref={measure} className={classes.measure}>
          <img
            src={address(image.previewUrl!)}
            alt={image.title ? `Preview of ${image.title}` : 'Preview'}
            className={classes.image}
            data-pixels={scale > 2 || undefined}
            draggable={false}
            style={{
              width: preview.width * scale,
              height: preview.height * scale,
              transform: `translate(${corner.x}px, ${corner.y}px)`,
              visibility: width && state === 'there' ? 'visible' : 'hidden',
            }}
            onLoad={() => setState('there')}
            onError={() => setState('missing')}
          />
          {frame && marks && <Layer marks={marks} frame={frame} />}
          {state === 'missing' && <p className={classes.message} role="alert">The picture did not arrive. Reload the page to ask for it again.</p>}
        </div>
        {bar && state === 'there' && (
          <div className={classes.bar} role="img" aria-label={`Scale bar: ${bar.label}`}>
            <span>{bar.label}</span>
            <i style={{ width: bar.pixels }} />
          </div>
        )}
        {frame && marks?.isOpen && <Toolbar marks={marks} />}
        <div className={classes.buttons}>
          <button type="button" aria-label="Zoom out" disabled={shown.zoom <= 1} onClick={() => zoom(1 / 1.5)}>−</button>
          <button type="button" aria-label="Zoom in" disabled={shown.zoom >= MOST} onClick={() => zoom(1.5)}>+</button>
          <button type="button" aria-label="Fit the whole image" disabled={shown.zoom <= 1} onClick={() => setView(FIT)}>Fit</button>
        </div>
      </div>
      <figcaption className={classes.caption}>
        {[preview.shows, ...(preview.verticalAxis === null ? [] : [contrast(image), !bar && pixel === null && 'not calibrated: no scale bar']), shown.zoom > 1 && `zoom × ${formatNumber(shown.zoom, 2)}`].filter(Boolean).join(' · ')}
      </figcaption>
    </figure>
  );
}

function contrast({ preview }: Image): string | null {
  return preview?.low != null && preview.high != null ? `black ${formatNumber(preview.low, 3)}, white ${formatNumber(preview.high, 3)}` : null;
}
