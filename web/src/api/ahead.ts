import { guestSecret, takeGuestLink } from './guest';
import { fileSetsOf, foundBy, listedAt, RELEVANCE, partAddress, SHEET, wholeAddress } from './listAddress';

/**
 * Asks for what the first view will show. It is a script of its own, which runs while the rest of the application is still on its way and being read:
 * when the view comes to ask, the answers are there.
 */
export const API = '/api/v1';

const early = new Map<string, Promise<Response>>();
/** Later, a view means what is so then. */
const KEPT_MS = 5000;

function ask(path: string): void {
  const answer = fetch(API + path, { headers: { Accept: 'application/json', ...guestHeader() }, credentials: 'same-origin' });
  answer.catch(() => early.delete(path));
  early.set(path, answer);
}

/** The answer to what was asked ahead; once. */
export function takeEarly(path: string): Promise<Response> | undefined {
  const answer = early.get(path);
  early.delete(path);
  return answer;
}

/** Before anything is changed, as by signing in: what was answered earlier does not hold any more. */
export const forgetEarly = (): void => early.clear();

export function guestHeader(): Record<string, string> {
  const secret = guestSecret();
  return secret ? { 'Stemma-Link': secret } : {};
}

takeGuestLink();
const [, view, id] = location.pathname.split('/');
const params = new URLSearchParams(location.search);
if (view !== 'sign-in') {
  ask('/me');
  if (view === 'nodes' && id) {
    ask(`/nodes/${id}`);
    ask(partAddress(fileSetsOf(id, listedAt(params)), 0, SHEET));
  }
  if (view === 'search') ask(partAddress(foundBy(params.get('q') ?? '', params.get('sort') ?? RELEVANCE), 0, SHEET));
  if (view === 'file-sets' && id) ask(`/file-sets/${id}`);
  // The tree comes after what one came for, and asks for itself.
  if (!view && !guestSecret()) for (const kind of ['projects', 'shared', 'spaces']) ask(wholeAddress(`/${kind}`));
  setTimeout(forgetEarly, KEPT_MS);
}
