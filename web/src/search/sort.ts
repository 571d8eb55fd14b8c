/** The hub's word for an order taken apart. The newest come first where nothing else is said, other fields begin with their lowest. */
export function orderOf(sort: string): { by: string; isDescending: boolean } {
  const by = sort.replace(/^-/, '');
  const isTurned = sort.startsWith('-');
  return { by, isDescending: by === 'newest' || by === 'relevance' ? !isTurned : isTurned };
}

export const flipped = (sort: string): string => (sort.startsWith('-') ? sort.slice(1) : `-${sort}`);
