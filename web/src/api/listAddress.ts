/** Lists are read by position, in sheets of so many: few enough to come quickly, enough for three screens. */
export const SHEET = 100;

/** A list of file sets of the hub: of what (a node's id, or `search`), and the address that it is read from, with all that decides what is in it and in which order. */
export interface ListAddress {
  of: string;
  path: string;
}

export type Sort = 'name' | '-created';

/** What the address of a view says of its list. */
export const listedAt = (params: URLSearchParams): { sort: Sort; filter: string; show: string } => ({
  sort: params.get('sort') === 'name' ? 'name' : '-created',
  filter: params.get('q') ?? '',
  show: params.get('show') ?? '',
});

/** File sets of a node and of all below it. */
export const fileSetsOf = (node: string, { sort = '-created', filter = '', show = '' }: { sort?: Sort; filter?: string; show?: string }): ListAddress => ({
  of: node,
  path: `/nodes/${node}/file-sets?recursive=true&sort=${sort}${filter.trim() && `&filter=${encodeURIComponent(filter.trim())}`}${show && `&show=${show}`}`,
});

/** What a search says in the address, where it says anything. */
export const RELEVANCE = 'relevance';

/** What a query finds. */
export const foundBy = (query: string, sort: string): ListAddress => ({ of: 'search', path: `/search?q=${encodeURIComponent(query)}&sort=${encodeURIComponent(sort)}` });

/** The address of a part of a list. */
export const partAddress = ({ path }: ListAddress, offset: number, limit: number) => `${path}&limit=${limit}&offset=${offset}`;

/** The address of the beginning of a list that is asked for to its end. */
export const wholeAddress = (path: string) => `${path}${path.includes('?') ? '&' : '?'}limit=1000`;
