import { useState } from 'react';

/** What is known now, or was known last: an error, or a wait, takes nothing away that is shown already. */
export function useLastKnown<T>(value: T | undefined): T | undefined {
  const [known, setKnown] = useState(value);
  if (value !== undefined && value !== known) setKnown(value);
  return value ?? known;
}
