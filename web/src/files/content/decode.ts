export interface Decoded {
  text: string;
  /** In the words of a person: UTF-8, UTF-16, Latin-1. */
  encoding: string;
}

/** More control characters than one in this many, and it is no text. */
const TEXT_PER_CONTROL = 200;

/**
 * The text that the bytes are, or null where they are none. The browser decodes: UTF-8 and UTF-16 by byte order mark or by form, else Latin-1
 * (as Windows writes it) if nothing in it speaks against text.
 * @param isWhole Whether the bytes are the whole file; otherwise a character may be cut at their end.
 */
export function decode(bytes: Uint8Array, isWhole: boolean): Decoded | null {
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return as('utf-8', 'UTF-8', bytes, isWhole);
  if (startsWith(bytes, 0xff, 0xfe)) return as('utf-16le', 'UTF-16', bytes, isWhole);
  if (startsWith(bytes, 0xfe, 0xff)) return as('utf-16be', 'UTF-16', bytes, isWhole);
  const zeros = [0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2]!++;
  if (zeros[0] || zeros[1]) {
    // Mostly western text in UTF-16 has a zero in every other byte; anything else with zeros is no text.
    const half = bytes.length / 2;
    if (zeros[1]! > 0.7 * half && zeros[0]! < 0.02 * half) return as('utf-16le', 'UTF-16', bytes, isWhole);
    if (zeros[0]! > 0.7 * half && zeros[1]! < 0.02 * half) return as('utf-16be', 'UTF-16', bytes, isWhole);
    return null;
  }
  return as('utf-8', 'UTF-8', bytes, isWhole) ?? as('windows-1252', 'Latin-1', bytes, isWhole);
}

function as(label: string, encoding: string, bytes: Uint8Array, isWhole: boolean): Decoded | null {
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes, { stream: !isWhole });
    return hasFormOfText(text) ? { text, encoding } : null;
  } catch {
    return null;
  }
}

function hasFormOfText(text: string): boolean {
  // Tab, line ends, form feed and the escape of coloured logs are common in text.
  const controls = text.match(/[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f-\u009f]/g)?.length ?? 0;
  return controls * TEXT_PER_CONTROL <= text.length;
}

const startsWith = (bytes: Uint8Array, ...mark: number[]) => mark.every((byte, i) => bytes[i] === byte);
