import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

interface Props {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  className?: string | undefined;
}

const REST = 150;

/** The filter of a page. It shows every key at once and tells what was typed after a short rest; Esc clears and leaves it. */
export function FilterInput({ label, placeholder, value, onChange, className }: Props) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // Changed from outside, as by going back in the history.
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const tell = (next: string, after: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      told.current = next;
      onChange(next);
    }, after);
  };
  return (
    <TextInput className={className} aria-label={label} placeholder={placeholder} value={text} onChange={(event) => tell(event.currentTarget.value, REST)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        tell('', 0);
        event.currentTarget.blur();
      }} />
  );
}
