import type { AccessEntry } from '../api/types';

const KIND: Record<string, string> = { project: 'project', collection: 'collection', dataset: 'dataset', space: 'space' };

/** Why somebody has access, to be read after their name: "because the project Lattices, which this is in, is shared with them". */
export function whyWords({ principal, inherited, from, via }: Pick<AccessEntry, 'principal' | 'inherited' | 'from' | 'via'>): string {
  const who = principal.kind === 'link' ? 'by this link' : principal.kind === 'everyone' ? 'with everyone' : principal.kind === 'group' ? 'with this group' : 'with them';
  const thing = inherited ? (from ? `the ${KIND[from.kind] ?? from.kind} “${from.name}”, which this is in,` : 'something above, which you do not see,') : 'this';
  if (via) return `because ${thing} is shown in ${via.space ? `the space “${via.space.name}”` : 'a space that you do not see'}, which is shared ${who}`;
  return `because ${thing} is shared ${who}`;
}

/** Until when, in words; empty where it has no end. */
export function untilWords(expiresAt: string | null | undefined, now = Date.now()): string {
  if (!expiresAt) return '';
  const day = new Date(expiresAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const days = Math.ceil((Date.parse(expiresAt) - now) / 86_400_000);
  return days > 0 && days <= 60 ? `until ${day} (${days} ${days === 1 ? 'day' : 'days'} left)` : `until ${day}`;
}
