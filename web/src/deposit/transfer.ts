import { DetailedError, Upload } from 'tus-js-client';
import { API, call, guestHeader, Problem } from '../api/client';
import type { Deposited, FileRecord } from '../api/types';
import { hexToBase64, sha256Of } from './hashing';
import { type Item } from './queue';

export interface Arrived {
  fileId: string;
  fileSetId: string;
  sha256: string;
  alreadyThere: boolean;
}

export interface Transfer {
  done: Promise<Arrived>;
  /** Stops moving. With `forget`, what has arrived is thrown away too. */
  stop(forget: boolean): void;
}

/** Thrown when the transfer was stopped from here; nothing went wrong. */
export class Stopped extends Error {}

export interface Report {
  progress(sent: number): void;
  hashed(sha256: string): void;
}

/** One PUT: the digest travels with the bytes and the hub refuses what arrived otherwise. */
export function put(item: Item, file: File, report: Report): Transfer {
  const request = new XMLHttpRequest();
  let stopped = false;
  const send = async (): Promise<Arrived> => {
    const sha256 = await sha256Of(file, 'small');
    report.hashed(sha256);
    if (stopped) throw new Stopped();
    const where = item.path.split('/').map(encodeURIComponent).join('/');
    request.open('PUT', `${API}/nodes/${item.node}/files/${where}${item.unpack ? '?unpack=true' : ''}`);
    for (const [name, value] of Object.entries(guestHeader())) request.setRequestHeader(name, value);
    request.setRequestHeader('Repr-Digest', `sha-256=:${hexToBase64(sha256)}:`);
    request.setRequestHeader('Stemma-Modified', new Date(file.lastModified).toISOString());
    // The type of a file is found out from its content, not from what the browser guesses by its name.
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded }) => report.progress(loaded);
    const body = await answer(request, file);
    const { file: stored, fileSetId, alreadyThere } = JSON.parse(body) as Deposited;
    return { fileId: stored.id, fileSetId, sha256: stored.sha256, alreadyThere };
  };
  return {
    done: send(),
    stop() {
      stopped = true;
      request.abort();
    },
  };
}

function answer(request: XMLHttpRequest, body: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    request.onload = () => (request.status < 300 ? resolve(request.responseText) : reject(Problem.from(request.status, request.responseText)));
    request.onerror = () => reject(Problem.gone);
    request.onabort = () => reject(new Stopped());
    request.send(body);
  });
}

/** A tus upload: it goes on where the hub says it stopped. The digest is taken beside it and compared at the end. */
export function tus(item: Item, file: File, report: Report, foundAddress: (url: string) => void): Transfer {
  let upload: Upload | undefined;
  let stop: (() => void) | undefined;
  const hash = sha256Of(file, 'large').then((sha256) => {
    report.hashed(sha256);
    return sha256;
  });
  const moved = new Promise<{ fileId?: string; fileSetId?: string }>((resolve, reject) => {
    stop = () => reject(new Stopped());
    upload = new Upload(file, {
      // Absolute: the address in Location is resolved against it.
      endpoint: new URL(`${API}/uploads`, location.origin).href,
      uploadUrl: item.uploadUrl ?? null,
      headers: guestHeader(),
      // Going on after a loss is the queue's business.
      retryDelays: [],
      fingerprint: (async () => ['stemma', item.node, item.path, file.size, file.lastModified].join('|')),
      removeFingerprintOnSuccess: true,
      metadata: { node: item.node, path: item.path, modified: new Date(file.lastModified).toISOString(), ...(item.unpack ? { unpack: 'true' } : {}) },
      onProgress: (sent) => report.progress(sent),
      onUploadUrlAvailable: () => upload?.url && foundAddress(upload.url),
      onSuccess: ({ lastResponse }) => resolve({ fileId: lastResponse.getHeader('Stemma-File'), fileSetId: lastResponse.getHeader('Stemma-File-Set') }),
      onError: (error) => reject(problemOf(error)),
    });
    void begin(upload, item);
  });
  const done = async (): Promise<Arrived> => {
    const { fileId, fileSetId } = await moved;
    if (!fileId || !fileSetId) throw new Problem(500, '', 'The hub took the bytes but did not say which file they became.', null, 'Try again: nothing is sent twice.');
    const [stored, sha256] = await Promise.all([call<FileRecord>(`/files/${fileId}`), hash]);
    if (stored.sha256 !== sha256)
      throw new Problem(422, '', 'The digests differ.', `Here ${sha256.slice(0, 12)}…, at the hub ${stored.sha256.slice(0, 12)}…. The file may have changed while it was sent.`, 'Send it again.');
    return { fileId, fileSetId, sha256, alreadyThere: false };
  };
  hash.catch(() => stop?.());
  return {
    done: done(),
    stop(forget) {
      void upload?.abort(forget).catch(() => {});
      stop?.();
    },
  };
}

async function begin(upload: Upload, item: Item): Promise<void> {
  // An upload begun on an earlier page is remembered in localStorage under the file's fingerprint.
  const earlier = item.uploadUrl ? [] : await upload.findPreviousUploads();
  const latest = earlier.at(-1);
  if (latest) upload.resumeFromPreviousUpload(latest);
  upload.start();
}

function problemOf(error: Error | DetailedError): Error {
  if (!(error instanceof DetailedError)) return error;
  const response = error.originalResponse;
  return response && response.getStatus() ? Problem.from(response.getStatus(), response.getBody()) : Problem.gone;
}

/** Throws away what the hub holds of an upload whose file was never picked again. */
export async function forget(uploadUrl: string): Promise<void> {
  await fetch(uploadUrl, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0', ...guestHeader() } });
}
