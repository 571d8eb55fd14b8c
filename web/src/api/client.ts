import { API, forgetEarly, guestHeader, takeEarly } from './early';
import { guestSecret } from './guest';

export { API, guestHeader };

/** A refusal of the hub: problem details (RFC 9457), or what is known when the body is something else. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly title: string,
    readonly detail: string | null,
    readonly nextStep: string | null,
    /** Where in a query something is wrong. */
    readonly position: number | null = null,
    readonly length: number | null = null,
  ) {
    super(detail ? `${title} ${detail}` : title);
    this.name = 'Problem';
  }

  /** True when no answer came at all: the network or the hub is gone. */
  get unreachable() {
    return this.status === 0;
  }

  static async of(response: Response): Promise<Problem> {
    return Problem.from(response.status, await response.text().catch(() => ''));
  }

  static from(status: number, text: string): Problem {
    try {
      const body = JSON.parse(text) as Partial<Problem>;
      return new Problem(status, body.type ?? '', body.title ?? `The hub answered ${status}.`, body.detail ?? null, body.nextStep ?? null, body.position ?? null, body.length ?? null);
    } catch {
      return new Problem(status, '', `The hub answered ${status}.`, null, null);
    }
  }

  static get gone() {
    return new Problem(0, '', 'The hub can’t be reached.', 'Check the network, or whether the hub is running.', null);
  }
}

/** Whether the hub said that there is no such thing, or none that one may see. */
export const isGone = (error: unknown) => error instanceof Problem && error.status === 404;

export interface Call {
  method?: string;
  json?: unknown;
  /** Sent as it is, with its media type. */
  file?: Blob;
  /** Version of the object that the change is based on; sent as If-Match. */
  version?: number;
  signal?: AbortSignal;
}

/** One call to the API; answers the JSON body, or undefined where there is none. */
export async function call<T>(path: string, { method = 'GET', json, file, version, signal }: Call = {}): Promise<T> {
  const headers = new Headers({ Accept: 'application/json', ...guestHeader() });
  if (json !== undefined) headers.set('Content-Type', 'application/json');
  if (file) headers.set('Content-Type', file.type);
  if (version !== undefined) headers.set('If-Match', `"${version}"`);
  if (method !== 'GET') forgetEarly();
  let response: Response;
  try {
    response = await (method === 'GET' && takeEarly(path)) || await fetch(API + path, { method, headers, body: json === undefined ? (file ?? null) : JSON.stringify(json), signal: signal ?? null, credentials: 'same-origin' });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw Problem.gone;
  }
  if (!response.ok) throw await Problem.of(response);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** An address for the browser itself (images, downloads, event streams), which can carry no header: a guest's secret goes into the query. */
export function address(url: string): string {
  const secret = guestSecret();
  return secret ? `${url}${url.includes('?') ? '&' : '?'}link=${encodeURIComponent(secret)}` : url;
}
