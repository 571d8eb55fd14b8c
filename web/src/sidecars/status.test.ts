import { expect, test } from 'vitest';
import { statusLine } from './status';

const nothing = { kept: true, linked: 0, written: 0, withheld: 0, failed: 0 };

test.each([
  [{ ...nothing, kept: false }, 'Off. No text is kept.'],
  [{ ...nothing, kept: false, linked: 5, written: 1200 }, 'Off. 1,200 texts are still being removed.'],
  [nothing, 'On, for downloads. No file of this project stays on a share.'],
  [{ ...nothing, linked: 500, written: 500 }, '500 of 500 linked files have their text.'],
  [{ ...nothing, linked: 500, written: 490, failed: 3, withheld: 7 }, '490 of 500 linked files have their text; 3 could not be written, 7 are held back.'],
])('%o', (counts, line) => expect(statusLine(counts)).toBe(line));
