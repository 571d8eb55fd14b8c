import type { AcquiredValue } from '../api/types';

/** Units that take an SI prefix; the others (degrees, kelvin, counts) are written as they are. */
const PREFIXED = new Set(['m', 'V', 'A', 's', 'eV', 'Pa', 'Hz', 'J', 'C', 'W', 'T']);
const PREFIXES: [number, string][] = [
  [1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, ''], [1e-3, 'm'], [1e-6, 'µ'], [1e-9, 'n'], [1e-12, 'p'], [1e-15, 'f'],
];

/** A number with at most `digits` significant digits, without trailing zeros; grouped with thin spaces from five digits on. */
export function formatNumber(value: number, digits = 4): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude >= 15 || magnitude < -6) return value.toExponential(digits - 1).replace(/\.?0+e/, 'e').replace('e+', 'e');
  // A whole number is shown whole: 130 000 is not "about 130 000".
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(Math.max(digits, magnitude + 1))));
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace('-', '').length >= 5 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u2009') : whole;
  const signed = grouped.replace('-', '−');
  return fraction ? `${signed}.${fraction}` : signed;
}

/** A value in its unit with the SI prefix that puts it between 1 and 1000: 200000 V → 200 kV. */
export function formatQuantity(value: number, unit: string | null, digits = 4): string {
  if (!unit) return formatNumber(value, digits);
  if (unit === 'rad') return formatAngle(value, digits);
  if (!PREFIXED.has(unit) || value === 0) return `${formatNumber(value, digits)} ${unit}`;
  const size = Math.abs(value);
  // The tolerance keeps 1e-9 m (0.9999999… nm after a division) from becoming 1000 pm.
  const [factor, prefix] = PREFIXES.find(([f]) => size >= f * (1 - 1e-9)) ?? PREFIXES[PREFIXES.length - 1]!;
  return `${formatNumber(value / factor, digits)} ${prefix}${unit}`;
}

/** Convergence and collection angles are read in milliradians, stage tilts in degrees. */
function formatAngle(value: number, digits: number): string {
  return Math.abs(value) < 0.2 && value !== 0
    ? `${formatNumber(value * 1000, digits)} mrad`
    : `${formatNumber((value * 180) / Math.PI, digits)}°`;
}

/** An acquired value as a person reads it. */
export function formatAcquired(term: string, { value, unit }: AcquiredValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (term.endsWith('magnification')) return `× ${formatNumber(value, 4)}`;
  return formatQuantity(value, unit);
}

/** Prefixed length units, in metres. */
const METRES: Record<string, number> = {
  m: 1, cm: 1e-2, mm: 1e-3, 'µm': 1e-6, 'μm': 1e-6, um: 1e-6, micron: 1e-6, nm: 1e-9, pm: 1e-12, 'Å': 1e-10, A: 1e-10,
};

/** Metres per unit of length, or null when the unit is not a length. */
export function metresPer(unit: string | null): number | null {
  return unit ? (METRES[unit] ?? null) : null;
}

/** One step of a calibrated axis, in the prefix that reads best: 4.2e-10 m → 420 pm, 0.5 nm → 500 pm. */
export function formatStep(scale: number, unit: string | null): string {
  const metres = metresPer(unit);
  if (metres === null) return formatQuantity(scale, unit);
  const value = scale * metres;
  // Sub-nanometre pixels are spoken of in nm down to 0.01 nm.
  return Math.abs(value) < 1e-9 && Math.abs(value) >= 1e-11 ? `${formatNumber(value * 1e9)} nm` : formatQuantity(value, 'm');
}

/** A recorded instant as it was written: local to the instrument where no zone is known. */
export function formatRecordedTime(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})(?::\d{2})?)?/.exec(iso);
  if (!match) return iso;
  const day = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  const words = day.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return match[4] ? `${words}, ${match[4]}` : words;
}
