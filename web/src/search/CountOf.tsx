import { useSearchCount } from './searchQueries';

/** How many there are: 12, about 1,200; in words where that is asked for. */
export const countText = ({ total, about }: { total: number | null; about: number | null }) =>
  total !== null ? total.toLocaleString('en-US') : about !== null ? `about ${about.toLocaleString('en-US')}` : 'many';

/** How many a search finds now. */
export function CountOf({ query }: { query: string }) {
  const count = useSearchCount(query);
  return <>{count.data ? countText(count.data) : count.isError ? 'not understood any more' : '…'}</>;
}
