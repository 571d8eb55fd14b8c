import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import { API, call } from '../../api/client';
import type { FileRecord, FileSetDetail, ManifestEntry, Page } from '../../api/types';
import Markdown from '../../shared/Markdown';
import { ownImage } from '../../shared/markdownHtml';
import { useQueryState } from '../../shared/useQueryState';
import classes from './FileContent.module.css';
import { pathBeside } from './relative';

/** A README as it is meant to be read, or as it is written. Pictures beside it in its dataset are shown. */
export function MarkdownView({ text, set, file, source }: { text: string; set: FileSetDetail; file: FileRecord; source: ReactNode }) {
  const [shown, setShown] = useQueryState('source', '');
  const beside = useQuery({
    queryKey: ['manifest', set.datasetId],
    enabled: /!\[/.test(text),
    queryFn: ({ signal }) => call<Page<ManifestEntry>>(`/nodes/${set.datasetId}/files?limit=1000`, { signal }),
  });
  const image = useCallback((href: string) => {
    const path = pathBeside(file.path, href);
    const found = path && beside.data?.items.find((entry) => entry.path === path);
    return found ? `${API}/files/${found.id}/content` : ownImage(href);
  }, [beside.data, file.path]);
  return (
    <>
      <div className={classes.choices}><Switch size="xs" label="As it is written" checked={shown !== ''} onChange={(event) => setShown(event.currentTarget.checked ? 'on' : '')} /></div>
      {shown ? source : <div className={classes.rendered} tabIndex={0} role="group" aria-label={file.path}><Markdown text={text} image={image} /></div>}
    </>
  );
}
