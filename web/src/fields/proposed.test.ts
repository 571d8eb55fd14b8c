import { expect, it } from 'vitest';
import { proposed } from './ValueInput';

it('proposes people by name, and those of one name by what tells them apart', () => {
  const person = (id: string, name: string, orcid: string | null = null, email: string | null = null) => ({ id, name, orcid, email });
  expect(proposed([person('1', 'Ada'), person('2', 'Mira', '0000-0001-2345-6789'), person('3', 'Mira', null, 'mira@b.org')])).toEqual([
    { value: 'Ada', label: 'Ada' },
    { value: '0000-0001-2345-6789', label: 'Mira, 0000-0001-2345-6789' },
    { value: '3', label: 'Mira, mira@b.org' },
  ]);
});
