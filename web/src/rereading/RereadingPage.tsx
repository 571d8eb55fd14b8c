import { Button, Table, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import type { KeyDifference, RereadFile } from '../api/types';
import settings from '../settings/settings.module.css';
import { ProblemView } from '../shared/ProblemView';
import { ScrollTable } from '../shared/ScrollTable';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import { BatchLine } from './BatchLine';
import { useBatch, useFilesOf, useKeys } from './queries';
import classes from './rereading.module.css';
import { changeWords, facts, files, keyWords } from './words';

/** One batch: how far it is, and what came out differently. */
export default function RereadingPage() {
  const { id = '' } = useParams();
  const batch = useBatch(id);
  useTitle('Read again');
  if (batch.isError) return <ProblemView error={batch.error} what="rereading" />;
  if (!batch.data) return <Waiting for="what was read again" />;
  const { newlyRead, failed, unreadable, done } = batch.data;
  return (
    <div className={`${settings.page} ${classes.page}`}>
      <p><Link to="/admin/readers">Readers</Link></p>
      <h1>Files read again</h1>
      <BatchLine batch={batch.data} />
      <Keys id={id} done={done} />
      {failed > 0 && <Files id={id} of="outcome=failed" title={`Failed: ${files(failed)}`} words="The present readers could not read them. They are shown as they were read before." />}
      {newlyRead > 0 && <Files id={id} of="outcome=newly_read" title={`Readable for the first time: ${files(newlyRead)}`} />}
      {unreadable > 0 && <Files id={id} of="outcome=unreadable" title={`Still not readable: ${files(unreadable)}`} />}
    </div>
  );
}

function Keys({ id, done }: { id: string; done: number }) {
  const keys = useKeys(id, done);
  const [open, setOpen] = useState<string | null>(null);
  if (keys.isError) return <ProblemView error={keys.error} what="difference" />;
  const rows = keys.data?.pages.flatMap((page) => page.items) ?? [];
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>What came out differently</h2>
      <ScrollTable label="What came out differently" minWidth={560}>
        <Table.Thead><Table.Tr><Table.Th>Fact</Table.Th><Table.Th>For example</Table.Th><Table.Th ta="right">In</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {rows.map((row) => {
            const name = `${row.key} ${row.change}`;
            return [
              <Table.Tr key={name}>
                <Table.Td className={classes.key}>{keyWords(row.key)}{row.key.startsWith('original.') && <small> original</small>}</Table.Td>
                <Table.Td className={classes.key}>{example(row)}</Table.Td>
                <Table.Td ta="right"><UnstyledButton c="var(--mantine-color-anchor)" aria-expanded={open === name} aria-label={`${files(row.files)} in which ${keyWords(row.key)} came out differently`} onClick={() => setOpen(open === name ? null : name)}>{files(row.files)}</UnstyledButton></Table.Td>
              </Table.Tr>,
              open === name && <Table.Tr key={`${name} files`}><Table.Td colSpan={3}><FileList id={id} of={`key=${encodeURIComponent(row.key)}`} isChanged={(file) => file.changes?.some((change) => kindOf(change) === row.change) ?? true} /></Table.Td></Table.Tr>,
            ];
          })}
        </Table.Tbody>
      </ScrollTable>
      {keys.hasNextPage && <Button size="compact-sm" variant="default" loading={keys.isFetchingNextPage} onClick={() => void keys.fetchNextPage()}>More facts</Button>}
    </section>
  );
}

const kindOf = ({ before, after }: { before: string | null; after: string | null }) => (before === null ? 'added' : after === null ? 'removed' : 'changed');

const example = (row: KeyDifference) => (row.change === 'added' ? `new: ${changeWords(row).replace(/^nothing → /, '')}` : row.change === 'removed' ? `no longer: ${changeWords(row).replace(/ → nothing$/, '')}` : changeWords(row));

function Files({ id, of, title, words }: { id: string; of: string; title: string; words?: string }) {
  return (
    <section>
      <h2>{title}</h2>
      {words && <p className={settings.quiet}>{words}</p>}
      <FileList id={id} of={of} />
    </section>
  );
}

function FileList({ id, of, isChanged = () => true }: { id: string; of: string; isChanged?: (file: RereadFile) => boolean }) {
  const found = useFilesOf(id, of);
  if (found.isError) return <ProblemView error={found.error} what="list of files" />;
  if (!found.data) return <Waiting for="the files" />;
  return (
    <>
      <ul className={classes.files}>
        {found.data.pages.flatMap((page) => page.items).filter(isChanged).map((file) => (
          <li key={file.fileSetId}>
            <Link to={`/file-sets/${file.fileSetId}?tab=axes`}>{file.name}</Link> <span className={settings.quiet}>in {file.datasetName}{file.changes?.length ? `: ${changeWords(file.changes[0]!)}` : file.note ? `: ${file.note}` : file.changeCount > 0 ? `: ${facts(file.changeCount)}` : ''}</span>
          </li>
        ))}
      </ul>
      {found.hasNextPage && <Button size="compact-sm" variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>More files</Button>}
    </>
  );
}
