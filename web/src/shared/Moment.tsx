import { formatAgo, formatExactly } from './format';

/** A time near now in words, the exact one on hover. */
export function Moment({ at }: { at: string }) {
  return <time dateTime={at} title={formatExactly(at)}>{formatAgo(at)}</time>;
}
