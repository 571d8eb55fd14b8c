/** What a field is called, and may be called instead. */
export interface FieldNames {
  name: string;
  synonyms: readonly string[];
}

/** One of the terms of a query that must all hold. */
export interface Term {
  /** As it is written. */
  text: string;
  start: number;
  end: number;
  /** What stands before the colon, in the way that fields are named; null for words, groups and what is not wanted. */
  field: string | null;
  /** What stands behind it, each as it is written. */
  values: readonly string[];
}

const canonical = (name: string) => name.trim().toLowerCase().replace(/[ -]/g, '_');
const isOf = (term: Term, { name, synonyms }: FieldNames) => term.field !== null && (term.field === name || synonyms.includes(term.field));

/** Reads one query apart at its top, as the hub does. Also of texts that are no queries yet: what is not closed ends with the text. */
export function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const start = at;
    at = endOfTerm(text, at);
    // NOT stands apart from what it turns round.
    if (text.slice(start, at) === 'NOT') {
      while (at < text.length && /\s/.test(text[at]!)) at++;
      at = endOfTerm(text, at);
    }
    terms.push(termOf(text, start, at));
  }
  return terms;
}

/** A query whose terms are alternatives is one thing: another term is put beside it in parentheses. */
const isAlternatives = (terms: readonly Term[]) => terms.some((term) => term.text === 'OR');

function endOfTerm(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '"') at = endOfQuote(text, at) - 1;
    else if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (depth <= 0 && /\s/.test(letter)) return at;
  }
  return text.length;
}

function endOfQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function termOf(text: string, start: number, end: number): Term {
  const written = text.slice(start, end);
  const head = /^(?:"(?<quoted>(?:[^"\\]|\\.)+)"|(?<plain>original\.(?:[^\s:(),"]|"(?:[^"\\]|\\.)*")+|[A-Za-z_][\w-]*)):/i.exec(written);
  if (!head) return { text: written, start, end, field: null, values: [] };
  const { quoted, plain } = head.groups!;
  const name = quoted !== undefined ? unquoted(`"${quoted}"`) : plain!;
  return { text: written, start, end, field: /^original\./i.test(name) ? name : canonical(name), values: parts(written.slice(head[0].length)) };
}

/** Values behind a colon, at the commas that are not quoted. */
function parts(text: string): string[] {
  const values: string[] = [];
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '"') at = endOfQuote(text, at) - 1;
    else if (at >= text.length || text[at] === ',') {
      if (at > from) values.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return values;
}

/** A value in quotes, as it must be where it has spaces or signs of the language. */
export const quoted = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"`;

/** What is meant by a value as it is written. */
export const unquoted = (written: string) => (written.startsWith('"') ? written.replace(/^"|"$/g, '').replace(/\\(["\\])/g, '$1') : written);

/** What a query asks of a field at its top, each value as it is written. */
export function valuesOf(text: string, field: FieldNames): string[] {
  const terms = termsOf(text);
  return isAlternatives(terms) ? [] : terms.filter((term) => isOf(term, field)).flatMap(({ values }) => values);
}

/** The query asking for these values of a field in place of what it asked of it at its top; without values not at all. */
export function withValues(text: string, field: FieldNames, values: readonly string[]): string {
  const terms = termsOf(text);
  const asked = values.length ? [`${field.name}:${values.join(',')}`] : [];
  if (isAlternatives(terms)) return asked.length ? `(${text.trim()}) ${asked[0]}` : text.trim();
  const place = terms.findIndex((term) => isOf(term, field));
  const rest = terms.filter((term) => !isOf(term, field)).map((term) => term.text);
  return (place < 0 ? [...rest, ...asked] : rest.toSpliced(place, 0, ...asked)).join(' ');
}

const folded = (written: string) => unquoted(written).trim().toLowerCase();

/** Whether a query asks for a whole value of a field. */
export const asks = (text: string, field: FieldNames, value: string) => valuesOf(text, field).some((written) => folded(written) === value.trim().toLowerCase());

/** Asks for a value beside those that are asked for, or no longer. */
export function toggled(text: string, field: FieldNames, value: string): string {
  const values = valuesOf(text, field);
  const rest = values.filter((written) => folded(written) !== value.trim().toLowerCase());
  return withValues(text, field, rest.length < values.length ? rest : [...values, quoted(value)]);
}

/** The query without one of its terms; where terms are alternatives, without what joins it to the next as well. */
export function withoutTerm(text: string, index: number): string {
  const terms = termsOf(text);
  const left = terms.filter((_, i) => i !== index).map((term) => term.text);
  return left.filter((word, i) => word !== 'OR' || (i > 0 && i < left.length - 1 && left[i - 1] !== 'OR')).join(' ');
}

/** A completion in place of what was typed; where it ends a term, a space follows, so that one can type on. */
export function completed(text: string, { start, end, insert }: { start: number; end: number; insert: string }): { text: string; caret: number } {
  const after = text.slice(end);
  const spaced = insert.endsWith(':') || /^[\s,)]/.test(after) ? insert : `${insert} `;
  return { text: text.slice(0, start) + spaced + after, caret: start + spaced.length };
}
