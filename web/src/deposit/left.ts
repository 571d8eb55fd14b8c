import type { Item } from './queue';

const KEY = 'stemma.deposit.left';

/** Files that were waiting when a page was closed; the browser gives them to no later page. */
export interface Left {
  node: string;
  nodeName: string;
  /** First folders (or names) of the paths, at most five. */
  tops: string[];
  files: number;
}

/** What a page leaves behind, by destination. Uploads that the hub knows of are not counted: they are found there. */
export function leftBehind(items: readonly Item[]): Left[] {
  const byNode = new Map<string, Left>();
  for (const item of items) {
    const known = item.uploadUrl !== undefined || item.phase === 'needsFile';
    if (known || (item.phase !== 'waiting' && item.phase !== 'moving' && item.phase !== 'paused')) continue;
    const left = byNode.get(item.node) ?? { node: item.node, nodeName: item.nodeName, tops: [], files: 0 };
    const top = item.path.split('/')[0]!;
    if (left.tops.length < 5 && !left.tops.includes(top)) left.tops.push(top);
    left.files++;
    byNode.set(item.node, left);
  }
  return [...byNode.values()];
}

export function remember(items: readonly Item[]): void {
  const left = leftBehind(items);
  if (left.length) localStorage.setItem(KEY, JSON.stringify(left));
}

/** What the last page left, told once. */
export function takeLeft(): Left[] {
  const text = localStorage.getItem(KEY);
  localStorage.removeItem(KEY);
  try {
    return text ? (JSON.parse(text) as Left[]) : [];
  } catch {
    return [];
  }
}
