import { useQuery } from '@tanstack/react-query';
import { API, guestHeader, Problem } from '../../api/client';
import type { FileRecord } from '../../api/types';

/** As much of a file as is looked at, in bytes. */
export const HEAD_BYTES = 256 * 1024;

/** The first bytes of a file. The hub parses no uploads and sends none as a page: they come as bytes, and only this page makes text of them. */
export const useHead = (file: FileRecord) =>
  useQuery({ queryKey: ['head', file.id, file.sha256], staleTime: Infinity, queryFn: ({ signal }) => head(file, signal) });

async function head(file: FileRecord, signal: AbortSignal): Promise<Uint8Array> {
  if (file.size === 0) return new Uint8Array();
  return new Uint8Array(await bytesOf(file, signal, { Range: `bytes=0-${HEAD_BYTES - 1}` })).subarray(0, HEAD_BYTES);
}

/** The bytes of a file as the request asks for them: all, unless the headers say which. */
export async function bytesOf(file: FileRecord, signal: AbortSignal, headers: Record<string, string> = {}): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(`${API}/files/${file.id}/content`, { headers: { ...headers, ...guestHeader() }, signal, credentials: 'same-origin' });
  } catch (error) {
    if (signal.aborted) throw error;
    throw Problem.gone;
  }
  if (!response.ok) throw await Problem.of(response);
  return response.arrayBuffer();
}
