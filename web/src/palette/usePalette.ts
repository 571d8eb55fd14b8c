import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';

/** Whether the palette is open: Ctrl-K or ⌘K opens and closes it, also while one types. */
export function usePalette(): [boolean, { open: () => void; close: () => void }] {
  const [shown, { open, close, toggle }] = useDisclosure();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      toggle();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [toggle]);
  return [shown, { open, close }];
}
