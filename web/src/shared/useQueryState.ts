import { useSearchParams } from 'react-router-dom';

/** A part of the view that lives in the address bar; its usual value is left out. */
export function useQueryState(name: string, usual: string): [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (value: string) => setParams(() => {
    // Two parts may change before the next drawing: begin from the address as it is.
    const old = new URLSearchParams(location.search);
    if (value === usual) old.delete(name);
    else old.set(name, value);
    return old;
  }, { replace: true, preventScrollReset: true });
  return [params.get(name) ?? usual, set];
}
