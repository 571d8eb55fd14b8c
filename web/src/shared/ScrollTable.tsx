import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './ScrollTable.module.css';

/** A table that scrolls sideways where it is wider than the page, also by keyboard. */
export function ScrollTable({ label, minWidth, children }: { label: string; minWidth: number; children: ReactNode }) {
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={label}>
      <Table verticalSpacing={7} miw={minWidth}>{children}</Table>
    </div>
  );
}
