export interface HexRow {
  offset: string;
  hex: string;
  ascii: string;
}

const PER_ROW = 16;

/** Bytes as offset, two-digit numbers (in two groups of eight) and the printable ASCII characters among them. */
export function hexRows(bytes: Uint8Array): HexRow[] {
  return Array.from({ length: Math.ceil(bytes.length / PER_ROW) }, (_, row) => {
    const part = [...bytes.subarray(row * PER_ROW, (row + 1) * PER_ROW)];
    const digits = part.map((byte) => byte.toString(16).padStart(2, '0'));
    return {
      offset: (row * PER_ROW).toString(16).padStart(8, '0'),
      hex: [digits.slice(0, 8).join(' '), digits.slice(8).join(' ')].filter(Boolean).join('  '),
      ascii: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    };
  });
}
