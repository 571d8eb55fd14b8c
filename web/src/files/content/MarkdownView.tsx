import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import { API, call } from '../../api/client';
import type { FileRecord, FileSet, FileSetDetail, ManifestEntry, Page } from '../../api/types';
import Markdown from '../../shared/Markdown';
import { ownImage } from '../../shared/markdownHtml';
import { useQueryState } from '../../shared/useQueryState';
import classes from './FileContent.module.css';
import { pathBeside } from './relative';

/** What browsers show by themselves; of other pictures, the preview. */
const OF_THE_WEB = /\.(png|jpe?g|gif|webp|avif|svg)$/i;
const MOST = 1000;

/** A README as it is meant to be read, or as it is written. Pictures beside it in its dataset are shown. */
export function MarkdownView({ text, set, file, source }: { text: string; set: FileSetDetail; file: FileRecord; source: ReactNode }) {
  const [shown, setShown] = useQueryState('source', '');
  const hasPictures = /!\[/.test(text);
  const files = useQuery({ queryKey: ['beside', 'files', set.datasetId], enabled: hasPictures, queryFn: ({ signal }) => call<Page<ManifestEntry>>(`/nodes/${set.datasetId}/files?limit=${MOST}`, { signal }) }).data;
  const sets = useQuery({ queryKey: ['beside', 'sets', set.datasetId], enabled: hasPictures, queryFn: ({ signal }) => call<Page<FileSet>>(`/nodes/${set.datasetId}/file-sets?limit=${MOST}`, { signal }) }).data;
  const image = useCallback((href: string) => {
    const path = pathBeside(file.path, href);
    const found = path && files?.items.find((entry) => entry.path === path);
    if (!found) return ownImage(href);
    return OF_THE_WEB.test(path) ? `${API}/files/${found.id}/content` : (sets?.items.find(({ name }) => name === path)?.image?.previewUrl ?? null);
  }, [files, sets, file.path]);
  return (
    <>
      <div className={classes.choices}><Switch size="xs" label="As it is written" checked={shown !== ''} onChange={(event) => setShown(event.currentTarget.checked ? 'on' : '')} /></div>
      {shown ? source : <div className={classes.rendered} tabIndex={0} role="group" aria-label={file.path}><Markdown text={text} image={image} /></div>}
    </>
  );
}
