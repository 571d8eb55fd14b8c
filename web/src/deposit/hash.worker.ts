import { Sha256 } from './sha256';

/** Digests one file per message, in order; answers { id, sha256 } or { id, error }. */
const PART = 4 * 1024 * 1024;

self.onmessage = async ({ data: { id, file } }: MessageEvent<{ id: number; file: File }>) => {
  try {
    self.postMessage({ id, sha256: await digest(file) });
  } catch {
    self.postMessage({ id, error: 'The file can’t be read. It may have been moved or changed since it was chosen.' });
  }
};

async function digest(file: File): Promise<string> {
  if (file.size <= PART * 2 && self.crypto?.subtle) {
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += PART) hash.update(new Uint8Array(await file.slice(at, at + PART).arrayBuffer()));
  return hash.hex();
}
