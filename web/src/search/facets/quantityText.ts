/** Prefixes from the largest. Sub-nanometre lengths are spoken of in nm, so that of a metre goes no further. */
const PREFIXES: [string, number][] = [['G', 1e9], ['M', 1e6], ['k', 1e3], ['', 1], ['m', 1e-3], ['µ', 1e-6], ['n', 1e-9], ['p', 1e-12], ['f', 1e-15]];
const FACTORS = new Map([...PREFIXES, ['K', 1e3], ['u', 1e-6], ['μ', 1e-6], ['c', 1e-2]] as [string, number][]);
const ANGSTROM = /^(?:Å|Å|A)$/;

/** A number of a field in its unit, written as the query language reads it: 2e-10 m → 0.2nm, 200000 V → 200kV, 50000 → 50000. */
export function writeQuantity(value: number, unit: string | null): string {
  if (!unit) return plain(value);
  const [prefix, factor] = prefixFor(value, unit);
  return `${plain(value / factor)}${prefix}${unit}`;
}

function prefixFor(value: number, unit: string): [string, number] {
  const size = Math.abs(value);
  if (unit === 'm' && size >= 0.99e-11 && size < 1e-9) return ['n', 1e-9];
  return PREFIXES.find(([, factor]) => size >= factor * (1 - 1e-9)) ?? ['', 1];
}

/** Without the noise of binary fractions, and without an exponent where that can be. */
const plain = (value: number) => String(Number(value.toPrecision(10)));

/** Two significant digits, downward or upward, so that nothing between two edges is left out by writing them shorter. */
export function rounded(value: number, direction: 'down' | 'up'): number {
  if (value <= 0) return value;
  const step = 10 ** (Math.floor(Math.log10(value) + 1e-9) - 1);
  const steps = value / step;
  return (direction === 'down' ? Math.floor(steps + 1e-6) : Math.ceil(steps - 1e-6)) * step;
}

/** A number as it is written in a query, in the field's unit; null where it is none, or of something else. */
export function readQuantity(text: string, unit: string | null): number | null {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(.*)$/i.exec(text.trim());
  if (!match) return null;
  const factor = factorOf(match[2]!, unit);
  return factor === null ? null : Number(match[1]) * factor;
}

function factorOf(symbol: string, unit: string | null): number | null {
  if (unit === null) return /^[x×]?$/i.test(symbol) ? 1 : /^k[x×]?$/i.test(symbol) ? 1e3 : /^M[x×]?$/.test(symbol) ? 1e6 : null;
  if (unit === 'm' && ANGSTROM.test(symbol)) return 1e-10;
  return symbol.endsWith(unit) ? (FACTORS.get(symbol.slice(0, -unit.length)) ?? null) : null;
}

/** What a value of a query leaves of a field of numbers: from, to; null for no bound, and as a whole for what is no range. */
export function readRange(written: string, unit: string | null): { from: number | null; to: number | null } | null {
  const bound = /^([<>])=?(.+)$/.exec(written);
  if (bound) {
    const value = readQuantity(bound[2]!, unit);
    return value === null ? null : bound[1] === '<' ? { from: null, to: value } : { from: value, to: null };
  }
  const [low, high, ...more] = written.split('..');
  if (low === undefined || more.length) return null;
  if (high === undefined) {
    const value = readQuantity(low, unit);
    return value === null ? null : { from: value, to: value };
  }
  const to = high ? readQuantity(high, unit) : null;
  // The unit of the second end counts for the first too.
  const from = low ? readQuantity(/\d$/.test(low) ? low + high.replace(/^[\d.+-]*(?:e[+-]?\d+)?/i, '') : low, unit) : null;
  return (low && from === null) || (high && to === null) ? null : { from, to };
}
