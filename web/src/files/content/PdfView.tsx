import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { FileRecord } from '../../api/types';
import { formatSize } from '../../shared/format';
import { ProblemView } from '../../shared/ProblemView';
import { Waiting } from '../../shared/Waiting';
import classes from './FileContent.module.css';
import { bytesOf } from './head';

/** Larger PDFs are downloaded: the page would have to hold them. */
const MOST_BYTES = 50_000_000;

/**
 * A PDF in the browser's own viewer, where there is one; else it is to be downloaded. The frame has no address of the hub but bytes that this page declares to be a PDF, and that begin as one:
 * whatever else they are, the browser gives them to its viewer, which runs apart from this page. A sandboxed frame would be stricter still, but Chromium shows no PDF in one.
 */
export function PdfView({ file }: { file: FileRecord }) {
  if (!navigator.pdfViewerEnabled) return <p className={classes.note}>A PDF, and this browser has no viewer for it. Download it to read it.</p>;
  if (file.size > MOST_BYTES) return <p className={classes.note}>A PDF of more than {formatSize(MOST_BYTES)}. Download it to read it.</p>;
  return <Frame file={file} />;
}

function Frame({ file }: { file: FileRecord }) {
  const bytes = useQuery({ queryKey: ['whole', file.id, file.sha256], staleTime: Infinity, gcTime: 0, queryFn: ({ signal }) => bytesOf(file, signal) });
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!bytes.data) return;
    const made = URL.createObjectURL(new Blob([bytes.data], { type: 'application/pdf' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes.data]);
  if (bytes.isError) return <ProblemView error={bytes.error} what="PDF" retry={() => void bytes.refetch()} />;
  return url ? <iframe className={classes.pdf} src={url} title={file.path} /> : <Waiting for="the PDF" />;
}
