const KEY = 'stemma.link';

/** The secret of the guest link that this tab was opened with, if any. It lives as long as the tab. */
export function guestSecret(): string | null {
  return sessionStorage.getItem(KEY);
}

/** Takes the secret out of the address bar, so that it is neither bookmarked nor read over a shoulder. */
export function takeGuestLink(): void {
  const url = new URL(location.href);
  const secret = url.searchParams.get('link');
  if (!secret) return;
  sessionStorage.setItem(KEY, secret);
  url.searchParams.delete('link');
  history.replaceState(null, '', url);
}

export function forgetGuestLink(): void {
  sessionStorage.removeItem(KEY);
}
