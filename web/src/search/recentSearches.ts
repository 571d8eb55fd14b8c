const MOST = 20;
const keyOf = (account: string) => `stemma.searches.${account}`;

/** What an account searched for last in this browser, newest first. */
export function recentSearches(account: string | undefined): string[] {
  if (!account) return [];
  try {
    const list: unknown = JSON.parse(localStorage.getItem(keyOf(account)) ?? '[]');
    return Array.isArray(list) ? list.filter((query) => typeof query === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberSearch(account: string | undefined, query: string): void {
  const text = query.trim();
  if (!account || !text) return;
  try {
    localStorage.setItem(keyOf(account), JSON.stringify([text, ...recentSearches(account).filter((other) => other !== text)].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing, or is full: then nothing is remembered.
  }
}

export const forgetSearches = (account: string) => localStorage.removeItem(keyOf(account));
