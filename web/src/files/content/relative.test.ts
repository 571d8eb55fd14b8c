import { expect, test } from 'vitest';
import { pathBeside } from './relative';

test('A link is meant from the folder of the file', () => {
  expect(pathBeside('run/README.md', 'fig.png')).toBe('run/fig.png');
  expect(pathBeside('run/day/README.md', '../my%20fig.png?raw')).toBe('run/my fig.png');
  expect(pathBeside('README.md', './a/./b.png')).toBe('a/b.png');
});

test('A link out of the dataset means nothing in it', () => {
  for (const href of ['https://example.org/a.png', '//example.org/a.png', '/api/v1/me', '../a.png', 'data:image/png,x', '%E0%A4%A.png']) expect(pathBeside('README.md', href)).toBeNull();
});
