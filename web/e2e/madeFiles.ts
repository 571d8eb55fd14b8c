/** A spectrum in the EMSA/MAS text format (ISO 22029): one peak on a slope. */
export function spectrum(): string {
  const values = Array.from({ length: 256 }, (_, i) => (400 - i + 900 * Math.exp(-(((i - 90) / 6) ** 2))).toFixed(1));
  return ['#FORMAT      : EMSA/MAS Spectral Data File', '#VERSION     : 1.0', '#TITLE       : One peak', '#NPOINTS     : 256.', '#NCOLUMNS    : 1.', '#XUNITS      : keV', '#YUNITS      : counts',
    '#DATATYPE    : Y', '#XPERCHAN    : 0.04', '#OFFSET      : 0.0', '#SIGNALTYPE  : EDS', '#BEAMKV      : 200.0', '#SPECTRUM    :', ...values, '#ENDOFDATA   :', ''].join('\n');
}

/** A map in the MRC2014 format: a bright ball in a volume with three unequal edges, 1 nm per voxel. */
export function volume(): Buffer {
  const [nx, ny, nz] = [48, 40, 24];
  const file = Buffer.alloc(1024 + nx * ny * nz);
  [nx, ny, nz, 0, 0, 0, 0, nx, ny, nz].forEach((value, i) => file.writeInt32LE(value, 4 * i));
  [nx * 10, ny * 10, nz * 10, 90, 90, 90].forEach((value, i) => file.writeFloatLE(value, 40 + 4 * i));
  [1, 2, 3].forEach((value, i) => file.writeInt32LE(value, 64 + 4 * i));
  file.writeInt32LE(1, 88);
  file.write('MAP ', 208, 'latin1');
  file.set([0x44, 0x44, 0, 0], 212);
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) file.writeInt8((x - 30) ** 2 + (y - 14) ** 2 + (z - 9) ** 2 < 49 ? 100 : (x + y + z) % 9, 1024 + x + nx * (y + ny * z));
  return file;
}

/** Bytes that no reader knows and that are no text. */
export const unknown = () => Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37 + (i >> 5)) & 255));
