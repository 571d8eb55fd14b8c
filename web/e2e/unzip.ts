/** The entries of a zip archive whose files are stored without compression: name to bytes, by its list of contents. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('The archive has no end.');
  const entries = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== 0x02014b50) throw new Error(`There is no entry at ${at}.`);
    if (archive.readUInt16LE(at + 10) !== 0) throw new Error('An entry is compressed.');
    const [size, nameLength, extra, comment, local] = [archive.readUInt32LE(at + 24), archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32), archive.readUInt32LE(at + 42)];
    const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    entries.set(archive.toString('utf8', at + 46, at + 46 + nameLength), archive.subarray(data, data + size));
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}
