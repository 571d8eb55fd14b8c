import { type ReactNode, useState } from 'react';
import { UnstyledButton } from '@mantine/core';
import { sayProblem } from './toasts';
import classes from './Copyable.module.css';

/** Text that copies itself (or `value`) when clicked. */
export function Copyable({ value, children, what, mono = false }: { value: string; children?: ReactNode; what: string; mono?: boolean }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await copyText(value);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch (error) {
      sayProblem(error);
    }
  };
  return (
    <UnstyledButton className={classes.copyable} data-mono={mono || undefined} title={`${value}\nClick to copy the ${what}`} onClick={copy}>
      {children ?? value}
      <span className={classes.said} role="status">{copied ? 'copied' : ''}</span>
    </UnstyledButton>
  );
}

/** Off loopback without TLS there is no clipboard API; the old way still works. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('The browser did not let the page copy. Select the text and copy it by hand.');
}

/** A digest by its first twelve digits. */
export function Digest({ sha256 }: { sha256: string }) {
  return <Copyable value={sha256} what="SHA-256 digest" mono>{sha256.slice(0, 12)}…</Copyable>;
}
