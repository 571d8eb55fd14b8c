import type { ProjectSidecars } from '../api/types';

/** How many of a project's linked files have their text, in one line. */
export function statusLine({ kept, linked, written, withheld, failed }: Pick<ProjectSidecars, 'kept' | 'linked' | 'written' | 'withheld' | 'failed'>): string {
  const number = (count: number) => count.toLocaleString('en-US');
  if (!kept) return written + failed > 0 ? `Off. ${number(written + failed)} texts are still being removed.` : 'Off. No text is kept.';
  if (linked === 0) return 'On, for downloads. No file of this project stays on a share.';
  const others = [failed > 0 && `${number(failed)} could not be written`, withheld > 0 && `${number(withheld)} are held back`].filter(Boolean).join(', ');
  return `${number(written)} of ${number(linked)} linked files have their text${others ? `; ${others}` : ''}.`;
}
