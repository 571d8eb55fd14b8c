import { call, Problem } from '../api/client';
import type { Page } from '../api/types';
import type { Left } from './left';

const PAGE = 1000;
const MOST_PAGES = 10;

/**
 * Which of the files that an earlier page left are at the hub: the last ones sent often arrive although the page is gone by then. All of them
 * where the destination is gone, since nothing can go on there.
 */
export async function arrived({ node, paths }: Left): Promise<Set<string>> {
  const open = new Set(paths);
  const there = new Set<string>();
  try {
    let cursor: string | null = '';
    for (let page = 0; page < MOST_PAGES && cursor !== null && open.size; page++) {
      const files: Page<{ path: string }> = await call(`/nodes/${node}/files?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`);
      for (const { path } of files.items) {
        // Loose files that are dropped on a project lie in a dataset made for them.
        const sent = [path, path.slice(path.indexOf('/') + 1)].find((candidate) => open.delete(candidate));
        if (sent !== undefined) there.add(sent);
      }
      cursor = files.next;
    }
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.status === 403)) return new Set(paths);
    // Without an answer the note stays.
  }
  return there;
}
