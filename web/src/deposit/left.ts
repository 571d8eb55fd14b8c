import type { Item } from './queue';

const KEY = 'stemma.deposit.left';
/** More paths of one destination are only counted. */
const MOST_PATHS = 2000;
const MOST_TOPS = 5;

/** Files that were waiting when a page was closed; the browser gives them to no later page. */
export interface Left {
  node: string;
  nodeName: string;
  paths: string[];
  /** Files whose paths are not kept. */
  more: number;
}

/** What a page leaves behind, by destination. Uploads that the hub knows of are not counted: they are found there. */
export function leftBehind(items: readonly Item[]): Left[] {
  const byNode = new Map<string, Left>();
  for (const item of items) {
    const known = item.uploadUrl !== undefined || item.phase === 'needsFile';
    if (known || (item.phase !== 'waiting' && item.phase !== 'moving' && item.phase !== 'paused')) continue;
    const left = byNode.get(item.node) ?? { node: item.node, nodeName: item.nodeName, paths: [], more: 0 };
    if (left.paths.length < MOST_PATHS) left.paths.push(item.path);
    else left.more++;
    byNode.set(item.node, left);
  }
  return [...byNode.values()];
}

/** What is still left once some of the paths have arrived, or are on their way again. Nothing when all that are known have. */
export function stillLeft(left: readonly Left[], has: (node: string, path: string) => boolean): Left[] {
  return left.map((one) => ({ ...one, paths: one.paths.filter((path) => !has(one.node, path)) })).filter(({ paths }) => paths.length > 0);
}

/** First folders (or names) of the paths, at most five. */
export function topsOf({ paths }: Left): string[] {
  return [...new Set(paths.map((path) => path.split('/')[0]!))].slice(0, MOST_TOPS);
}

export function remember(items: readonly Item[]): void {
  const left = leftBehind(items);
  if (left.length) localStorage.setItem(KEY, JSON.stringify(left));
}

/** The page was not closed after all. */
export function forgetLeft(): void {
  localStorage.removeItem(KEY);
}

/** What the last page left, told once. */
export function takeLeft(): Left[] {
  const text = localStorage.getItem(KEY);
  forgetLeft();
  try {
    const left = text ? (JSON.parse(text) as Partial<Left>[]) : [];
    return left.filter((one): one is Left => Array.isArray(one.paths));
  } catch {
    return [];
  }
}
