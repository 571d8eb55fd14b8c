import { askEarly, forgetEarly } from './early';
import { guestSecret, takeGuestLink } from './guest';
import { fileSetsOf, foundBy, listedAt, partAddress, RELEVANCE, SHEET, wholeAddress } from './listAddress';

// Asks for what the first view will show. It is a script of its own, which runs while the rest of the application is still on its way and being read: when the view comes to ask,
// the answers are there, or on their way.

/** Later, a view means what is so then. */
const KEPT_MS = 5000;

takeGuestLink();
const [, view, id] = location.pathname.split('/');
const params = new URLSearchParams(location.search);
if (view !== 'sign-in') {
  askEarly('/me');
  if (view === 'nodes' && id) {
    askEarly(`/nodes/${id}`);
    askEarly(partAddress(fileSetsOf(id, listedAt(params)), 0, SHEET));
  }
  if (view === 'search') askEarly(partAddress(foundBy(params.get('q') ?? '', params.get('sort') ?? RELEVANCE), 0, SHEET));
  if (view === 'file-sets' && id) askEarly(`/file-sets/${id}`);
  // The tree comes after what one came for, and asks for itself.
  if (!view && !guestSecret()) for (const kind of ['projects', 'shared', 'spaces']) askEarly(wholeAddress(`/${kind}`));
  setTimeout(forgetEarly, KEPT_MS);
}
