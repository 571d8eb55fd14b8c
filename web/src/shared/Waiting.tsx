import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from './Waiting.module.css';

/** Says what is waited for. Quick answers are not announced: it shows after 150 ms. */
export function Waiting({ for: what }: { for: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return <p className={classes.waiting} role="status">{shown && <><Loader size={16} aria-hidden /> Waiting for {what}…</>}</p>;
}
