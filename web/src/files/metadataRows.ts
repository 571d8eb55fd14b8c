export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One line of the tree of original metadata. */
export interface MetadataRow {
  key: string;
  /** Path of the key as the mapped record cites it: names joined with dots, list members by number. */
  path: string;
  depth: number;
  /** The value as text; null on a branch. */
  value: string | null;
  /** Number of direct members of a branch. */
  members: number;
}

/** Lists of plain values up to this length are shown on one line. */
const SHORT_LIST = 16;

/** The whole tree in reading order, branches before their members. */
export function metadataRows(tree: Json): MetadataRow[] {
  const rows: MetadataRow[] = [];
  const visit = (key: string, path: string, depth: number, value: Json) => {
    const members = membersOf(value);
    if (!members) {
      rows.push({ key, path, depth, value: textOf(value), members: 0 });
      return;
    }
    rows.push({ key, path, depth, value: null, members: members.length });
    for (const [name, member] of members) visit(name, path ? `${path}.${name}` : name, depth + 1, member);
  };
  for (const [name, member] of membersOf(tree) ?? []) visit(name, name, 0, member);
  return rows;
}

function membersOf(value: Json): [string, Json][] | null {
  if (value === null || typeof value !== 'object') return null;
  if (!Array.isArray(value)) return Object.entries(value);
  const plain = value.every((member) => member === null || typeof member !== 'object');
  return plain && value.length <= SHORT_LIST ? null : value.map((member, i) => [String(i), member]);
}

function textOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  return value === null ? 'null' : String(value);
}

/** The rows whose path or value contains every word of the filter, with the branches that lead to them. */
export function filterRows(rows: MetadataRow[], filter: string): { rows: MetadataRow[]; matches: number } {
  const words = wordsOf(filter);
  if (!words.length) return { rows, matches: rows.reduce((n, row) => n + (row.value === null ? 0 : 1), 0) };
  const kept: MetadataRow[] = [];
  const branches: (MetadataRow | undefined)[] = [];
  let matches = 0;
  for (const row of rows) {
    branches.length = Math.min(branches.length, row.depth);
    if (row.value === null) {
      branches[row.depth] = row;
      continue;
    }
    const text = `${row.path}\n${row.value}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    matches++;
    // Branches wait in the list until the first match below them.
    for (const branch of branches) if (branch) kept.push(branch);
    branches.fill(undefined);
    kept.push(row);
  }
  return { rows: kept, matches };
}

/** Leaves out what lies below closed branches. */
export function openRows(rows: MetadataRow[], closed: ReadonlySet<string>): MetadataRow[] {
  if (!closed.size) return rows;
  const open: MetadataRow[] = [];
  let hiddenBelow = Infinity;
  for (const row of rows) {
    if (row.depth > hiddenBelow) continue;
    hiddenBelow = row.value === null && closed.has(row.path) ? row.depth : Infinity;
    open.push(row);
  }
  return open;
}

export function wordsOf(filter: string): string[] {
  return filter.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Cuts a text at the places that match, for highlighting. Every second part is a match, the first is not. */
export function splitAtMatches(text: string, words: string[]): string[] {
  if (!words.length) return [text];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi');
  return text.split(pattern);
}
