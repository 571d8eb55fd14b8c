/** A baseline TIFF as ImageJ writes it: 8 bit, 512 × 512, 0.2 nm per pixel, with a lattice of 20 pixels spacing. */
export function latticeTiff(): Buffer {
  const size = 512;
  const description = Buffer.from('ImageJ=1.54f\nunit=nm\nmin=0.0\nmax=255.0\n\0', 'latin1');
  const entries: [tag: number, type: number, count: number, value: number][] = [];
  const ifdAt = 8;
  const entryCount = 12;
  const textAt = ifdAt + 2 + entryCount * 12 + 4;
  const resolutionAt = textAt + description.length + (description.length % 2);
  const pixelsAt = resolutionAt + 16;
  entries.push([256, 4, 1, size], [257, 4, 1, size], [258, 3, 1, 8], [259, 3, 1, 1], [262, 3, 1, 1], [270, 2, description.length, textAt], [273, 4, 1, pixelsAt],
    [277, 3, 1, 1], [278, 4, 1, size], [279, 4, 1, size * size], [282, 5, 1, resolutionAt], [283, 5, 1, resolutionAt + 8]);
  const file = Buffer.alloc(pixelsAt + size * size);
  file.write('II', 0, 'latin1');
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(ifdAt, 4);
  file.writeUInt16LE(entries.length, ifdAt);
  entries.forEach(([tag, type, count, value], i) => {
    const at = ifdAt + 2 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    if (type === 3) file.writeUInt16LE(value, at + 8);
    else file.writeUInt32LE(value, at + 8);
  });
  description.copy(file, textAt);
  for (const at of [resolutionAt, resolutionAt + 8]) {
    file.writeUInt32LE(5, at);
    file.writeUInt32LE(1, at + 4);
  }
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) file[pixelsAt + y * size + x] = Math.round(128 + 60 * Math.cos((2 * Math.PI * x) / 20) + 60 * Math.cos((2 * Math.PI * y) / 20));
  return file;
}
