/** Digests files beside the page: small ones and large ones have a worker each, so that no small file waits behind a large one. */
const pending = new Map<number, { resolve: (sha256: string) => void; reject: (error: Error) => void }>();
const workers: Partial<Record<'small' | 'large', Worker>> = {};
let last = 0;

export function sha256Of(file: File, lane: 'small' | 'large'): Promise<string> {
  const worker = (workers[lane] ??= start());
  const id = ++last;
  return new Promise((resolve, reject) => {
    pending.set(id, { resolve, reject });
    worker.postMessage({ id, file });
  });
}

function start(): Worker {
  const worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<{ id: number; sha256?: string; error?: string }>) => {
    const waiting = pending.get(data.id);
    pending.delete(data.id);
    if (data.sha256) waiting?.resolve(data.sha256);
    else waiting?.reject(new Error(data.error));
  };
  return worker;
}

export const hexToBase64 = (hex: string) => btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((byte) => parseInt(byte, 16))));
