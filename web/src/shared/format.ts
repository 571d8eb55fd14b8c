const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes in decimal units with three significant digits: 1.25 MB. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < SIZES.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ${SIZES[unit]}`;
}

export const formatSpeed = (bytesPerSecond: number) => `${formatSize(bytesPerSecond)}/s`;

/** Time left in words short enough for a row: 8 s, 3 min, 2 h 5 min. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  const minutes = Math.round(s / 60);
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

/** The size of an image as microscopes write it, width first: an array's shape, slowest axis first, read backwards. */
export const formatExtent = (shape: readonly number[]) => [...shape].reverse().join(' × ');

// Made once: each costs as much as drawing a row, and hundreds of rows are drawn at once.
const NUMBERS = new Intl.NumberFormat('en-US');
const DAY = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const EXACTLY = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** 12,480 */
export const formatNumber = (n: number) => NUMBERS.format(n);

/** A count with its noun: 1 file, 12,480 files. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`;
}

/** A moment near now in words, else its date. */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (Number.isNaN(seconds)) return iso;
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return count(Math.round(seconds / 86_400), 'day') + ' ago';
  return DAY.format(new Date(iso));
}

/** How long until a moment, in whole units: 12 days, 3 h, less than an hour. */
export function formatUntil(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Number.isNaN(seconds)) return iso;
  if (seconds < 3600) return 'less than an hour';
  return seconds < 2 * 86_400 ? `${Math.floor(seconds / 3600)} h` : count(Math.floor(seconds / 86_400), 'day');
}

/** The exact local time with its zone, for hovering. */
export function formatExactly(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.valueOf()) ? iso : EXACTLY.format(date);
}

/** The ending of a file name, in upper case; empty where there is none. Two-part endings of compressed files keep both. */
export function extensionOf(name: string): string {
  const match = /(?:\.(ome|nii|tar|mrc|map))?\.([a-z0-9]{1,6})$/i.exec(name.replace(/^\.+/, ''));
  return match ? [match[1], match[2]].filter(Boolean).join('.').toUpperCase() : '';
}
