import type { Axis, Image } from '../api/types';
import { formatNumber, formatQuantity, metresPer } from './quantity';

export interface ScaleBar {
  /** Length on the screen, in CSS pixels. */
  pixels: number;
  label: string;
}

/** Physical size of one preview pixel along the horizontal axis; null where the preview is no plane of space or of reciprocal space, or not calibrated. */
export function previewPixel(image: Image): { size: number; unit: string } | null {
  const sourcePixels = image.preview?.sourcePixelsPerPixel;
  const axis = horizontalAxis(image);
  if (!sourcePixels || !axis?.scale || !axis.unit) return null;
  return { size: Math.abs(axis.scale) * sourcePixels, unit: axis.unit };
}

/** The axis that runs to the right in a preview: the one it names, else x, or kx of a diffraction pattern. */
export function horizontalAxis({ axes, preview }: Pick<Image, 'axes' | 'preview'>): Axis | undefined {
  if (preview?.horizontalAxis !== undefined) return preview.horizontalAxis === null ? undefined : axes[preview.horizontalAxis];
  const plane = (across: string, down: string) => axes.find((axis) => axis.name === across && axes.some((other) => other.name === down));
  return plane('x', 'y') ?? plane('kx', 'ky');
}

/** What one step of a calibrated axis is called: pixels have a size in space and in reciprocal space alone. */
export function stepLabel({ name, unit }: Pick<Axis, 'name' | 'unit'>): string {
  if (unit?.endsWith('eV')) return 'Energy per channel';
  if (unit !== null && SECONDS.test(unit)) return 'Time per step';
  return SPATIAL.test(name) ? 'Pixel size' : `Step of ${name}`;
}

const SECONDS = /^[mµμnp]?s$/;
/** As readers name axes of space and of reciprocal space. */
const SPATIAL = /^k?[xyz]$/;

/**
 * The longest round length (1, 2 or 5 times a power of ten) whose bar is not longer than `longest` CSS pixels.
 * @param unitsPerPixel physical length of one CSS pixel, in `unit`
 */
export function chooseScaleBar(unitsPerPixel: number, unit: string, longest: number): ScaleBar | null {
  const widest = unitsPerPixel * longest;
  if (!(widest > 0) || !Number.isFinite(widest)) return null;
  // The round length is sought in the unit it is written in: 0.5 µm and 500 nm are both round, 500 pm is written 0.5 nm.
  const power = 10 ** Math.floor(Math.log10(widest) + 1e-12);
  const step = [5, 2, 1].find((n) => n * power <= widest * (1 + 1e-9)) ?? 1;
  const length = step * power;
  return { pixels: length / unitsPerPixel, label: label(length, unit) };
}

function label(length: number, unit: string): string {
  const metres = metresPer(unit);
  if (metres === null) return `${formatNumber(length, 3)} ${unit}`;
  const inMetres = length * metres;
  return inMetres < 0.999e-9 && inMetres > 0.999e-11 ? `${formatNumber(inMetres * 1e9, 2)} nm` : formatQuantity(Number(inMetres.toPrecision(3)), 'm', 3);
}
