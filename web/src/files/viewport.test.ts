import { expect, test } from 'vitest';
import { clamp, FIT, fitScale, fromText, panBy, toText, zoomAt } from './viewport';

const stage = { width: 800, height: 600 };
const picture = { width: 1000, height: 1000 };

test('Fits the whole picture', () => {
  expect(fitScale(stage, picture)).toBe(0.6);
  expect(clamp({ zoom: 0.2, x: 0, y: 1 }, stage, picture)).toEqual(FIT);
});

test('The point under the pointer stays under it', () => {
  const at = (view: typeof FIT, px: number) => view.x + (px - stage.width / 2) / (picture.width * 0.6 * view.zoom);
  const before = zoomAt(FIT, 4, 400, 300, stage, picture);
  const after = zoomAt(before, 2, 500, 300, stage, picture);
  expect(after.zoom).toBe(8);
  expect(at(after, 500)).toBeCloseTo(at(before, 500), 10);
});

test('Moving stops at the edge of the picture', () => {
  const zoomed = zoomAt(FIT, 2, 400, 300, stage, picture);
  const moved = panBy(zoomed, 10_000, 0, stage, picture);
  expect(moved.x * picture.width * 1.2).toBeCloseTo(400);
});

test('The address bar keeps the view, and nonsense in it shows the whole', () => {
  expect(fromText(toText({ zoom: 2.5, x: 0.25, y: 0.75 }))).toEqual({ zoom: 2.5, x: 0.25, y: 0.75 });
  expect(toText(FIT)).toBe('');
  expect(fromText('')).toEqual(FIT);
  expect(fromText('a,b,c')).toEqual(FIT);
});
