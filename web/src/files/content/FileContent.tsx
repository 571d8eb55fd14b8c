import type { ReactNode } from 'react';
import type { FileRecord, FileSetDetail } from '../../api/types';
import { count, formatSize } from '../../shared/format';
import { ProblemView } from '../../shared/ProblemView';
import { Waiting } from '../../shared/Waiting';
import { contentUrl } from '../FileSetActions';
import { ReadAgain } from '../ReadAgain';
import { reading } from '../reading';
import { decode } from './decode';
import { parseDelimited } from './delimited';
import classes from './FileContent.module.css';
import { useHead } from './head';
import { HexView } from './HexView';
import { isMarkdown, isPdf, kindOfName } from './kind';
import { MarkdownView } from './MarkdownView';
import { PdfView } from './PdfView';
import { TableView } from './TableView';
import { TextView } from './TextView';

const MOST_ROWS = 1000;
const HEX_BYTES = 512;

/** A file that has no picture, as it is: a table, text, or its first bytes. */
export default function FileContent({ set, file }: { set: FileSetDetail; file: FileRecord }) {
  const head = useHead(file);
  const state = reading(set);
  if (head.isError) return <ProblemView error={head.error} what="content" retry={() => void head.refetch()} />;
  if (!head.data) return <Waiting for="the content" />;
  const { about, view } = show(set, file, head.data);
  return (
    <figure className={classes.figure}>
      {state && <p className={classes.state} data-tone={state.tone}>{state.tone === 'problem' ? <><strong>{state.words}</strong> {state.why} <ReadAgain set={set} /></> : state.why}</p>}
      {view}
      <figcaption className={classes.about}>
        <span>{[set.files.length > 1 && file.path, about].filter(Boolean).join(' · ')}</span>
        <a href={contentUrl(file.id)}>Whole file ({formatSize(file.size)})</a>
      </figcaption>
    </figure>
  );
}

function show(set: FileSetDetail, file: FileRecord, bytes: Uint8Array): { about: string; view: ReactNode } {
  const isWhole = bytes.length === file.size;
  if (!bytes.length) return { about: 'empty', view: <p className={classes.note}>The file is empty.</p> };
  if (isPdf(bytes)) return { about: 'PDF', view: <PdfView file={file} /> };
  const decoded = decode(bytes, isWhole);
  if (!decoded) return { about: isWhole && bytes.length <= HEX_BYTES ? 'all bytes' : `first ${HEX_BYTES} bytes`, view: <HexView bytes={bytes.subarray(0, HEX_BYTES)} /> };
  if (kindOfName(file.path) === 'table') {
    const rows = parseDelimited(decoded.text, MOST_ROWS, isWhole);
    // One column is a list: it is read better as text.
    if (rows.columns > 1) return { about: `${decoded.encoding} · ${rows.isCut ? 'first ' : ''}${count(rows.rows.length, 'row')} of ${count(rows.columns, 'column')}`, view: <TableView rows={rows} label={file.path} /> };
  }
  const source = <TextView text={decoded.text} label={file.path} />;
  return { about: `${decoded.encoding}${isWhole ? '' : ` · first ${bytes.length / 1024} KiB`}`, view: isMarkdown(file.path) ? <MarkdownView text={decoded.text} set={set} file={file} source={source} /> : source };
}
