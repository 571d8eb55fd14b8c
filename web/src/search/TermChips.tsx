import type { SearchField } from '../api/types';
import { Icon } from '../shared/Icon';
import { labelOf } from './fields';
import classes from './TermChips.module.css';
import { type Term, termsOf, unquoted, withoutTerm } from './queryText';

interface Props {
  query: string;
  fields: readonly SearchField[];
  refine: (query: string) => void;
  /** Words too, not only fields. */
  all?: boolean;
}

/** What the query asks for, each to be taken away. */
export function TermChips({ query, fields, refine, all = false }: Props) {
  const terms = termsOf(query).map((term, index) => ({ term, index })).filter(({ term }) => term.text !== 'OR' && (all || term.field !== null || /^(-|NOT\b)/.test(term.text)));
  if (!terms.length) return null;
  return (
    <ul className={classes.chips} aria-label="Narrowed down to">
      {terms.map(({ term, index }) => (
        <li key={index}>
          <button type="button" title={`Remove ${term.text}`} onClick={() => refine(withoutTerm(query, index))}>
            <span>{words(term, fields)}</span><Icon name="close" size={14} /><span className={classes.hidden}>remove</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const words = ({ text, field, values }: Term, fields: readonly SearchField[]) => (field === null ? text : `${labelOf(fields, field)}: ${values.map(valueWords).join(' or ')}`);

function valueWords(written: string): string {
  const range = /^(.*?)\.\.(.*)$/.exec(written);
  if (written.startsWith('"') || !range) return unquoted(written);
  const [, from, to] = range;
  return from && to ? `${from} – ${to}` : from ? `from ${from}` : `up to ${to}`;
}
