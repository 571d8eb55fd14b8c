import { guestSecret } from './guest';

export const API = '/api/v1';

const early = new Map<string, Promise<Response>>();

/** Asks for what a view will ask for soon. */
export function askEarly(path: string): void {
  const answer = fetch(API + path, { headers: { Accept: 'application/json', ...guestHeader() }, credentials: 'same-origin' });
  answer.catch(() => early.delete(path));
  early.set(path, answer);
}

/** The answer to what was asked early; once. */
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
