import { expect, test } from 'vitest';
import type { AccessEntry, Principal } from '../api/types';
import { untilWords, whyWords } from './reasons';

const ada: Principal = { id: 'a', kind: 'account', name: 'Ada', login: 'ada' };
const project = { id: 'p', kind: 'project', name: 'Lattices' } as const;
const why = (entry: Partial<AccessEntry>) => whyWords({ principal: ada, inherited: false, from: null, via: null, ...entry });

test('Says why somebody has access', () => {
  expect(why({})).toBe('because this is shared with them');
  expect(why({ inherited: true, from: project })).toBe('because the project “Lattices”, which this is in, is shared with them');
  expect(why({ inherited: true })).toBe('because something above, which you do not see, is shared with them');
  expect(why({ principal: { id: 'g', kind: 'group', name: 'Facility', login: null }, via: { space: { id: 's', kind: 'space', name: 'Overview' } } })).toBe('because this is shown in the space “Overview”, which is shared with this group');
  expect(why({ principal: { id: 'l', kind: 'link', name: 'Guest link', login: null } })).toBe('because this is shared by this link');
});

test('Says until when, and how long that is where it ends soon', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(untilWords(null, now)).toBe('');
  expect(untilWords('2026-01-31T00:00:00Z', now)).toContain('(30 days left)');
  expect(untilWords('2027-06-01T12:00:00Z', now)).toBe('until 1 June 2027');
});
