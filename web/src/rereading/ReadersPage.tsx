import { Button, NativeSelect, Table, VisuallyHidden } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useHomes } from '../api/queries';
import type { ReadersState } from '../api/types';
import settings from '../settings/settings.module.css';
import { Moment } from '../shared/Moment';
import { ProblemView } from '../shared/ProblemView';
import { ScrollTable } from '../shared/ScrollTable';
import { sayProblem } from '../shared/toasts';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import { BatchLine } from './BatchLine';
import { batchesChanged, startBatch, useBatches, useReaders } from './queries';
import classes from './rereading.module.css';
import { files } from './words';

/** Which readers there are, what they have read, and reading files again. */
export default function ReadersPage() {
  useTitle('Readers');
  const batches = useBatches();
  const open = batches.data?.items.filter(({ state }) => state === 'running') ?? [];
  const readers = useReaders(open.length > 0);
  const start = useMutation({ mutationFn: startBatch, onSuccess: batchesChanged, onError: sayProblem });
  if (readers.isError) return <ProblemView error={readers.error} what="list of readers" />;
  if (!readers.data || !batches.data) return <Waiting for="the readers" />;
  const state = readers.data;
  const outOfDate = state.readers.reduce((sum, reader) => sum + reader.outOfDate, state.unread.outOfDate);
  return (
    <div className={`${settings.page} ${classes.page}`}>
      <h1>Readers</h1>
      <p className={settings.quiet}>
        What reads the files. When a newer version comes with an update, files that an earlier one read are read again in the background, after everything that is deposited meanwhile.
        {state.announcedAt && <> These came with Stemma {state.softwareVersion}, <Moment at={state.announcedAt} />.</>}
      </p>
      {state.readers.length === 0 ? <p>No worker has told yet which readers it has.</p> : <ReaderTable state={state} onRead={(format) => start.mutate({ choice: 'outdated', format })} />}
      <Unread unread={state.unread} onRead={() => start.mutate({ choice: 'unread' })} />
      {outOfDate > 0 && open.length === 0 && (
        <p><Button size="compact-md" loading={start.isPending} onClick={() => start.mutate({ choice: 'outdated' })}>Read all {files(outOfDate)} that are out of date again</Button></p>
      )}
      <h2>Read again</h2>
      {batches.data.items.length === 0 ? <p className={settings.quiet}>Nothing has been read again yet.</p> : (
        <ul className={classes.batches}>
          {batches.data.items.map((batch) => <li key={batch.id}><BatchLine batch={batch} isLink isBehind={batch.state === 'running' && batch.id !== open.at(-1)?.id} /></li>)}
        </ul>
      )}
      <Choose state={state} onStart={start.mutate} isPending={start.isPending} />
    </div>
  );
}

function ReaderTable({ state, onRead }: { state: ReadersState; onRead: (format: string) => void }) {
  return (
    <ScrollTable label="Readers" minWidth={560}>
      <Table.Thead><Table.Tr><Table.Th>Format</Table.Th><Table.Th>Reader</Table.Th><Table.Th>Mapping</Table.Th><Table.Th ta="right">Files</Table.Th><Table.Th ta="right">Out of date</Table.Th><Table.Th><VisuallyHidden>Read again</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>
        {state.readers.map((reader) => {
          const older = reader.versions.filter((use) => use.readerVersion !== reader.readerVersion || use.mappingVersion !== reader.mappingVersion);
          return (
            <Table.Tr key={reader.format}>
              <Table.Td>{reader.name} <small>{reader.format}</small></Table.Td>
              <Table.Td>{reader.readerVersion ?? <span className={settings.quiet}>none any more</span>}</Table.Td>
              <Table.Td>{reader.mappingVersion}</Table.Td>
              <Table.Td ta="right">{reader.files.toLocaleString('en-US')}</Table.Td>
              <Table.Td ta="right">
                {reader.readerVersion === null ? '' : reader.outOfDate === 0 ? 'none' : reader.outOfDate.toLocaleString('en-US')}
                {reader.outOfDate > 0 && older.map((use) => <div key={`${use.readerVersion}/${use.mappingVersion}`}><small>{use.files.toLocaleString('en-US')} by reader {use.readerVersion}, mapping {use.mappingVersion}</small></div>)}
              </Table.Td>
              <Table.Td ta="right">{reader.outOfDate > 0 && <Button size="compact-sm" variant="default" aria-label={`Read files of ${reader.name} again`} onClick={() => onRead(reader.format)}>Read again</Button>}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </ScrollTable>
  );
}

function Unread({ unread, onRead }: { unread: ReadersState['unread']; onRead: () => void }) {
  if (unread.noReader + unread.failed === 0) return null;
  const words = [unread.noReader > 0 && `${files(unread.noReader)} without a reader`, unread.failed > 0 && `${files(unread.failed)} whose reading failed`].filter(Boolean).join(' and ');
  return (
    <p className={classes.unread}>
      <span>{words}{unread.outOfDate > 0 && `; ${unread.outOfDate.toLocaleString('en-US')} of them were not tried with these readers`}.</span>
      <Button size="compact-sm" variant="default" onClick={onRead}>Try again</Button>
    </p>
  );
}

/** For everything that the buttons above do not offer. */
function Choose({ state, onStart, isPending }: { state: ReadersState; onStart: (choice: Parameters<typeof startBatch>[0]) => void; isPending: boolean }) {
  const projects = useHomes('projects');
  const [choice, setChoice] = useState('all');
  const [format, setFormat] = useState('');
  const [project, setProject] = useState('');
  return (
    <section>
      <h2>Have files read again</h2>
      <form className={classes.form} onSubmit={(event) => { event.preventDefault(); onStart({ choice, format: (choice !== 'unread' && format) || null, nodeId: project || null }); }}>
        <NativeSelect label="Which" value={choice} onChange={(e) => setChoice(e.currentTarget.value)} data={[{ value: 'all', label: 'All files' }, { value: 'outdated', label: 'Files that are out of date' }, { value: 'unread', label: 'Files that could not be read' }]} />
        <NativeSelect label="Format" disabled={choice === 'unread'} value={choice === 'unread' ? '' : format} onChange={(e) => setFormat(e.currentTarget.value)} data={[{ value: '', label: 'All formats' }, ...state.readers.map(({ format, name }) => ({ value: format, label: name }))]} />
        <NativeSelect label="Where" value={project} onChange={(e) => setProject(e.currentTarget.value)} data={[{ value: '', label: 'Everywhere' }, ...(projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]} />
        <Button type="submit" variant="default" loading={isPending}>Read again</Button>
      </form>
    </section>
  );
}
