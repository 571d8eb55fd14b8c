import { expect, test } from 'vitest';
import { addressOfSaved, addressOfSearch, viewOf } from './address';

test('A query with any sign in it comes back from its address', () => {
  for (const query of ['gold', 'a&b=c#d', 'tag:"50 %" + x', 'µm – Å', '']) expect(new URL(addressOfSearch(query), 'http://hub').searchParams.get('q')).toBe(query);
});

test('A saved search keeps order, layout and columns, and neither the query twice nor the open details', () => {
  const view = viewOf('?q=old&sort=-size&view=table&columns=date%2Csize&details=on');
  expect(view).toBe('sort=-size&view=table&columns=date%2Csize');
  expect(addressOfSaved({ query: 'new', view })).toBe(`/search?q=new&${view}`);
  expect(viewOf('?q=only')).toBe('');
});
