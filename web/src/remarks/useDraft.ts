import { useState } from 'react';

const KEY = 'stemma.draft.';

/** Whether something was begun and not sent. */
export const hasDraft = (name: string) => sessionStorage.getItem(KEY + name) !== null;

/** What is being written, kept for the tab until it is sent: leaving the page by mistake loses nothing. */
export function useDraft(name: string, initial: string): [string, (text: string) => void, () => void] {
  const [text, setText] = useState(() => sessionStorage.getItem(KEY + name) ?? initial);
  const set = (next: string) => {
    setText(next);
    if (next === initial) sessionStorage.removeItem(KEY + name);
    else sessionStorage.setItem(KEY + name, next);
  };
  const forget = () => {
    sessionStorage.removeItem(KEY + name);
    setText(initial);
  };
  return [text, set, forget];
}
