import { useQuery } from '@tanstack/react-query';
import { SHEET } from '../api/listAddress';
import { placeOf, sheetOf } from '../api/lists';

/** The file sets before and after one in the list that was looked at last, fetched where they are in another sheet of it. */
export function useNeighbours(id: string): { previous: string | null; next: string | null } {
  const place = placeOf(id);
  return { previous: useIdAt(place && { ...place, index: place.index - 1 }), next: useIdAt(place && { ...place, index: place.index + 1 }) };
}

function useIdAt(place: ReturnType<typeof placeOf>): string | null {
  const index = place?.index ?? -1;
  // Whatever it is, it is the neighbour in the list as it was seen: not asked for anew because of its age.
  const sheet = useQuery({ ...sheetOf(place?.list ?? NOWHERE, Math.max(0, Math.floor(index / SHEET))), enabled: index >= 0, staleTime: Infinity });
  return (index >= 0 && sheet.data?.items[index % SHEET]?.id) || null;
}

const NOWHERE = { of: '', path: '' };
