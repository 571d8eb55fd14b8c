import { expect, test } from 'vitest';
import type { Axis, Image } from '../api/types';
import { chooseScaleBar, previewPixel } from './scaleBar';

const axis = (name: string, scale: number | null, unit: string | null): Axis => ({ name, role: 'signal', size: 1024, scale, offset: 0, unit });
const image = (axes: Axis[], sourcePixelsPerPixel: number): Image => ({
  index: 0, title: null, shape: [1024, 1024], pixelType: 'uint16', axes, partial: null, thumbnailUrl: null, previewUrl: null, spectrumUrl: null,
  preview: { width: 512, height: 512, shows: 'plane', low: 0, high: 1, sourcePixelsPerPixel },
});

test.each([
  [0.5, 'nm', 160, '50 nm', 100],
  [0.04, 'nm', 160, '5 nm', 125],
  [12.5, 'nm', 160, '2 µm', 160],
  [0.004, 'nm', 160, '0.5 nm', 125],
  [0.75, 'µm', 160, '100 µm', 133.333],
  [0.01, '1/nm', 160, '1 1/nm', 100],
  [1e-10, 'm', 160, '10 nm', 100],
  [8, 'µm', 160, '1 mm', 125],
])('%d %s per pixel gives a bar in round units', (perPixel, unit, longest, label, pixels) => {
  const bar = chooseScaleBar(perPixel, unit, longest)!;
  expect(bar.label).toBe(label);
  expect(bar.pixels).toBeCloseTo(pixels, 2);
});

test('Every bar is a 1-2-5 length that fills at least 40 percent of the room', () => {
  for (let size = 1e-4; size < 1e5; size *= 1.37) {
    const bar = chooseScaleBar(size, 'nm', 200)!;
    expect(bar.pixels).toBeLessThanOrEqual(200 * (1 + 1e-9));
    expect(bar.pixels).toBeGreaterThan(200 * 0.39);
    expect(bar.label).toMatch(/^(0\.0?)?[125]0* (pm|nm|µm|mm|m)$/);
  }
});

test('A preview made smaller counts its source pixels', () => {
  expect(previewPixel(image([axis('y', 0.2, 'nm'), axis('x', 0.2, 'nm')], 4))).toEqual({ size: 0.8, unit: 'nm' });
});

test('Follows the axis that the preview names', () => {
  const volume = image([axis('z', 3, 'nm'), axis('y', 1, 'nm'), axis('x', 2, 'nm')], 1);
  const named = (horizontalAxis: number | null): Image => ({ ...volume, preview: { ...volume.preview!, horizontalAxis } });
  expect(previewPixel(named(0))).toEqual({ size: 3, unit: 'nm' });
  expect(previewPixel(named(null))).toBeNull();
  expect(previewPixel(volume)).toEqual({ size: 2, unit: 'nm' });
});

test('Shows no bar without a calibration or without a plane', () => {
  expect(previewPixel(image([axis('y', null, null), axis('x', null, null)], 1))).toBeNull();
  expect(previewPixel(image([axis('energy', 0.5, 'eV')], 1))).toBeNull();
  expect(chooseScaleBar(0, 'nm', 160)).toBeNull();
});
