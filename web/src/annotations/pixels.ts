/** A picture into which thousands of lines and dots are put in a few milliseconds, where a canvas would take a second. */
export interface Pixels {
  data: ImageData;
  /** Places are in device pixels from the upper left corner; colours are indices. What lies outside is left out. */
  dot: (x: number, y: number, size: number, colour: number) => void;
  line: (x0: number, y0: number, x1: number, y1: number, width: number, colour: number) => void;
}

/** @param colours #rrggbb */
export function pixelsOf(data: ImageData, colours: readonly string[]): Pixels {
  const { width, height } = data;
  const pixels = new Uint32Array(data.data.buffer);
  // Bytes lie as R, G, B, A in memory: the number is A B G R on little-endian machines, which all browsers run on.
  const values = colours.map((colour) => {
    const rgb = Number.parseInt(colour.slice(1), 16);
    return ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16);
  });
  const dot = (x: number, y: number, size: number, colour: number) => {
    const value = (0xff000000 | values[colour]!) >>> 0;
    const [x0, y0] = [Math.round(x - size / 2), Math.round(y - size / 2)];
    for (let row = Math.max(0, y0); row < Math.min(height, y0 + size); row++)
      for (let column = Math.max(0, x0); column < Math.min(width, x0 + size); column++) pixels[row * width + column] = value;
  };

  const line = (x0: number, y0: number, x1: number, y1: number, lineWidth: number, colour: number) => {
    // Along the axis on which it is longer, a step each pixel; across it, all pixels that the line touches there.
    if (Math.abs(y1 - y0) > Math.abs(x1 - x0)) {
      if (y1 > y0) run(y0, x0, y1, x1, height, width, width, 1, lineWidth, values[colour]!);
      else run(y1, x1, y0, x0, height, width, width, 1, lineWidth, values[colour]!);
    } else if (x1 > x0) run(x0, y0, x1, y1, width, height, 1, width, lineWidth, values[colour]!);
    else run(x1, y1, x0, y0, width, height, 1, width, lineWidth, values[colour]!);
  };
  const run = (from: number, fromAcross: number, to: number, toAcross: number, length: number, room: number, step: number, stepAcross: number, lineWidth: number, value: number) => {
    const slope = to > from ? (toAcross - fromAcross) / (to - from) : 0;
    const last = Math.min(length - 1, Math.floor(to));
    for (let along = Math.max(0, Math.floor(from)); along <= last; along++) {
      const low = fromAcross + slope * (Math.min(to, Math.max(from, along + 0.5)) - from) - lineWidth / 2;
      const high = low + lineWidth;
      const end = Math.min(room, Math.ceil(high));
      for (let pixel = Math.max(0, Math.floor(low)); pixel < end; pixel++) {
        const share = (high < pixel + 1 ? high : pixel + 1) - (low > pixel ? low : pixel);
        const alpha = (share * 255) | 0;
        const at = along * step + pixel * stepAcross;
        // Where lines cross, the better covered one is seen.
        if (alpha > pixels[at]! >>> 24) pixels[at] = (alpha << 24) | value;
      }
    }
  };
  return { data, dot, line };
}
