import { describe, expect, it } from 'vitest';
import { pixelsOf } from './pixels';

/** Alpha of each pixel, a row each. */
function drawn(width: number, height: number, draw: (pixels: ReturnType<typeof pixelsOf>) => void): number[][] {
  const data = { width, height, data: new Uint8ClampedArray(4 * width * height), colorSpace: 'srgb' } as ImageData;
  draw(pixelsOf(data, ['#010203', '#ff0000']));
  return Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) => data.data[4 * (row * width + column) + 3]!));
}

describe('pixels', () => {
  it('writes a colour as red, green, blue', () => {
    const data = { width: 1, height: 1, data: new Uint8ClampedArray(4), colorSpace: 'srgb' } as ImageData;
    pixelsOf(data, ['#010203']).dot(0.5, 0.5, 1, 0);
    expect([...data.data]).toEqual([1, 2, 3, 255]);
  });

  it('draws a line of one pixel through the middle of pixels', () => {
    expect(drawn(4, 3, ({ line }) => line(0.5, 1.5, 3.5, 1.5, 1, 0))).toEqual([[0, 0, 0, 0], [255, 255, 255, 255], [0, 0, 0, 0]]);
    expect(drawn(3, 3, ({ line }) => line(1.5, 2.5, 1.5, 0.5, 1, 0))).toEqual([[0, 255, 0], [0, 255, 0], [0, 255, 0]]);
  });

  it('shares a line between the pixels that it lies between', () => {
    expect(drawn(1, 3, ({ line }) => line(0, 1, 1, 1, 1, 0))).toEqual([[127], [127], [0]]);
  });

  it('covers a diagonal without gaps, in all directions', () => {
    for (const [x0, y0, x1, y1] of [[0.5, 0.5, 4.5, 4.5], [4.5, 4.5, 0.5, 0.5], [0.5, 4.5, 4.5, 0.5], [4.5, 0.5, 0.5, 4.5]] as const) {
      const rows = drawn(5, 5, ({ line }) => line(x0, y0, x1, y1, 1, 0));
      for (let i = 0; i < 5; i++) expect(rows[i]![(x1 - x0) * (y1 - y0) > 0 ? i : 4 - i]).toBe(255);
    }
  });

  it('leaves out what lies outside, however far', () => {
    const rows = drawn(3, 3, ({ line, dot }) => {
      line(-1e9, 1.5, 1e9, 1.5, 1, 0);
      line(-5, -5, -1, -9, 2, 0);
      line(9, 0, 9, 9, 2, 0);
      dot(-4, 9, 3, 0);
    });
    expect(rows).toEqual([[0, 0, 0], [255, 255, 255], [0, 0, 0]]);
  });

  it('shows the better covered of two lines that cross', () => {
    const data = { width: 1, height: 1, data: new Uint8ClampedArray(4), colorSpace: 'srgb' } as ImageData;
    const { line } = pixelsOf(data, ['#010203', '#ff0000']);
    line(0, 0.5, 1, 0.5, 1, 1);
    line(0, 1, 1, 1, 1, 0);
    expect([...data.data]).toEqual([255, 0, 0, 255]);
  });
});
