import { useEffect, useState } from 'react';

/** A text and its caret as they were when the last key was `milliseconds` ago. */
export function useRested(text: string, caret: number, milliseconds: number): { text: string; caret: number } {
  const [rested, setRested] = useState({ text, caret });
  useEffect(() => {
    const timer = setTimeout(() => setRested({ text, caret }), milliseconds);
    return () => clearTimeout(timer);
  }, [text, caret, milliseconds]);
  return rested;
}
