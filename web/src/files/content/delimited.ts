export interface Rows {
  rows: string[][];
  /** Cells of the widest row. */
  columns: number;
  delimiter: string;
  /** There are more rows in the text than were taken. */
  isCut: boolean;
}

const DELIMITERS = [',', ';', '\t', '|'];

/**
 * Rows of comma-separated values (RFC 4180), or of what separates them instead: the delimiter that stands in most of the first lines.
 * @param isWhole Whether the text is the whole file; otherwise its last row may be cut and is left out.
 */
export function parseDelimited(text: string, most: number, isWhole: boolean): Rows {
  const delimiter = delimiterOf(text);
  const rows: string[][] = [];
  let [row, cell, at, isQuoted] = [[] as string[], '', 0, false];
  const endRow = () => {
    row.push(cell);
    // A line without anything is no row.
    if (row.length > 1 || row[0] !== '') rows.push(row);
    [row, cell] = [[], ''];
  };
  for (; at < text.length && rows.length < most; at++) {
    const character = text[at]!;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (character === '"' && cell === '') isQuoted = true;
    else if (character === delimiter) {
      row.push(cell);
      cell = '';
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at++;
      endRow();
    } else cell += character;
  }
  const isCut = at < text.length;
  if (!isCut && isWhole && (cell !== '' || row.length > 0)) endRow();
  return { rows, columns: rows.reduce((widest, { length }) => Math.max(widest, length), 0), delimiter, isCut: isCut || !isWhole };
}

function delimiterOf(text: string): string {
  const lines = text.slice(0, 10_000).split(/\r\n|\n|\r/, 20);
  // In how many lines it stands counts before how often: where commas mark decimals, headings have none.
  const weight = (delimiter: string) => lines.reduce((sum, line) => sum + (line.includes(delimiter) ? 10_000 : 0) + line.split(delimiter).length, 0);
  return DELIMITERS.reduce((best, delimiter) => (weight(delimiter) > weight(best) ? delimiter : best));
}

const isNumber = (cell: string) => /^\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?\s*%?$/i.test(cell);

/** Whether the first row names the columns. One that holds numbers alone is data, as programs write them without headings. */
export function hasHead({ rows: [first] }: Rows): boolean {
  const cells = first?.filter(Boolean) ?? [];
  return cells.length > 0 && !cells.every(isNumber);
}

/** Whether every cell of a column below the headings is a number: then it stands on the right. */
export function numericColumns(table: Rows): boolean[] {
  const body = hasHead(table) && table.rows.length > 1 ? table.rows.slice(1) : table.rows;
  return Array.from({ length: table.columns }, (_, column) => body.some((row) => row[column]) && body.every((row) => !row[column] || isNumber(row[column])));
}
