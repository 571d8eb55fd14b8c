interface Mrc {
  shape: [nx: number, ny: number, nz: number];
  /** Bytes of 8 bits, signed. */
  at: (x: number, y: number, z: number) => number;
}

/** A file in the MRC2014 format, 1 nm per pixel. */
function mrc({ shape: [nx, ny, nz], at }: Mrc): Buffer {
  const file = Buffer.alloc(1024 + nx * ny * nz);
  [nx, ny, nz, 0, 0, 0, 0, nx, ny, nz].forEach((value, i) => file.writeInt32LE(value, 4 * i));
  [nx * 10, ny * 10, nz * 10, 90, 90, 90].forEach((value, i) => file.writeFloatLE(value, 40 + 4 * i));
  [1, 2, 3].forEach((value, i) => file.writeInt32LE(value, 64 + 4 * i));
  file.writeInt32LE(1, 88);
  file.write('MAP ', 208, 'latin1');
  file.set([0x44, 0x44, 0, 0], 212);
  for (let z = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) file.writeInt8(at(x, y, z), 1024 + x + nx * (y + ny * z));
  return file;
}

/** A curve of 256 points: one peak on a slope. */
export const spectrum = () => mrc({ shape: [256, 1, 1], at: (x) => Math.round(40 - x / 8 + 60 * Math.exp(-(((x - 90) / 6) ** 2))) });

/** A bright ball in a volume with three unequal edges. */
export const volume = () => mrc({ shape: [48, 40, 24], at: (x, y, z) => ((x - 30) ** 2 + (y - 14) ** 2 + (z - 9) ** 2 < 49 ? 100 : (x + y + z) % 9) });

/** Bytes that no reader knows and that are no text. */
export const unknown = () => Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37 + (i >> 5)) & 255));
