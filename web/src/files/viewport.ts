/** What part of a picture is seen: zoom 1 fits the whole into the stage; the centre is in fractions of the picture. */
export interface Viewport {
  zoom: number;
  x: number;
  y: number;
}

export const FIT: Viewport = { zoom: 1, x: 0.5, y: 0.5 };
export const MOST = 64;

export interface Box {
  width: number;
  height: number;
}

/** CSS pixels per picture pixel when the whole picture fits. */
export const fitScale = (stage: Box, picture: Box) => Math.min(stage.width / picture.width, stage.height / picture.height);

/** Keeps the picture in the stage: no zooming out beyond the whole, no empty room while there is more to see. */
export function clamp(view: Viewport, stage: Box, picture: Box): Viewport {
  const zoom = Math.min(MOST, Math.max(1, view.zoom));
  const scale = fitScale(stage, picture) * zoom;
  const along = (centre: number, room: number, size: number) => {
    const half = room / 2 / (size * scale);
    return half >= 0.5 ? 0.5 : Math.min(1 - half, Math.max(half, centre));
  };
  return { zoom, x: along(view.x, stage.width, picture.width), y: along(view.y, stage.height, picture.height) };
}

/** Zooms by a factor while the point under (px, py), in CSS pixels from the stage's corner, stays where it is. */
export function zoomAt(view: Viewport, factor: number, px: number, py: number, stage: Box, picture: Box): Viewport {
  const zoom = Math.min(MOST, Math.max(1, view.zoom * factor));
  const fit = fitScale(stage, picture);
  const shift = (centre: number, at: number, room: number, size: number) => centre + (at - room / 2) / size * (1 / (fit * view.zoom) - 1 / (fit * zoom));
  return clamp({ zoom, x: shift(view.x, px, stage.width, picture.width), y: shift(view.y, py, stage.height, picture.height) }, stage, picture);
}

/** Moves by CSS pixels. */
export function panBy(view: Viewport, dx: number, dy: number, stage: Box, picture: Box): Viewport {
  const scale = fitScale(stage, picture) * view.zoom;
  return clamp({ ...view, x: view.x - dx / (picture.width * scale), y: view.y - dy / (picture.height * scale) }, stage, picture);
}

/** How much of the stage a part of the picture takes that is gone to. */
const SHARE = 1 / 3;
/** No part is gone nearer to than so many picture pixels on the stage. */
const LEAST = 24;

/** Shows a part of the picture, in fractions of it, with its surroundings. */
export function on({ left, top, right, bottom }: { left: number; top: number; right: number; bottom: number }, stage: Box, picture: Box): Viewport {
  const fit = fitScale(stage, picture);
  const nearest = Math.min(stage.width, stage.height) / (LEAST * fit);
  const zoom = Math.min((SHARE * stage.width) / ((right - left) * picture.width * fit || 1e-9), (SHARE * stage.height) / ((bottom - top) * picture.height * fit || 1e-9), nearest);
  return clamp({ zoom, x: (left + right) / 2, y: (top + bottom) / 2 }, stage, picture);
}

/** The form in the address bar: zoom,x,y. */
export const toText = ({ zoom, x, y }: Viewport) => (zoom === 1 ? '' : [zoom.toFixed(2), x.toFixed(4), y.toFixed(4)].join(','));

export function fromText(text: string): Viewport {
  const [zoom, x, y] = text.split(',').map(Number);
  return [zoom, x, y].every((part) => part !== undefined && Number.isFinite(part)) ? { zoom: zoom!, x: x!, y: y! } : FIT;
}
