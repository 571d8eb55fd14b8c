/** How the content of a file without a picture is shown: told by its name alone, before a byte of it is here. */
export type NamedKind = 'table' | 'text' | null;

const TABLES = new Set(['csv', 'tsv', 'tab']);
const TEXTS = new Set((
  'txt log md markdown rst tex json jsonl ndjson geojson xml xsd html htm svg yaml yml toml ini cfg conf properties mdoc hdr emsa msa rpl nhdr '
  + 'py ipynb m r jl ijm js ts tsx css c h cpp hpp cs java go rs f90 sh bash ps1 bat sql diff patch gitignore editorconfig'
).split(' '));

export function kindOfName(path: string): NamedKind {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const ending = /\.([^.]+)$/.exec(name)?.[1] ?? '';
  if (TABLES.has(ending)) return 'table';
  return TEXTS.has(ending) || /^(readme|licen[cs]e|makefile|dockerfile|changelog)$/.test(name) ? 'text' : null;
}

const PROSE = /(^|\.)(md|markdown|rst|txt|readme|licen[cs]e|changelog)$/i;

/** Whether a text is sentences, whose lines are as long as they happen to be. */
export const isProse = (path: string) => PROSE.test(path.slice(path.lastIndexOf('/') + 1));

/** Whether a text is Markdown, and read better as what it means. */
export const isMarkdown = (path: string) => /\.(md|markdown)$/i.test(path);

/** Whether the bytes begin as a PDF does. */
export const isPdf = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 5)) === '%PDF-';
