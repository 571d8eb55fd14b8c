import { Alert, Button, NativeSelect, Switch, Table, TextInput, VisuallyHidden } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { call } from '../api/client';
import { allOf, queryClient, useHomes } from '../api/queries';
import type { HarvestSourceRecord } from '../api/types';
import { Moment } from '../shared/Moment';
import { ProblemView } from '../shared/ProblemView';
import { ScrollTable } from '../shared/ScrollTable';
import { sayProblem } from '../shared/toasts';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import classes from './settings.module.css';

const KEY = ['harvest-sources'];

export default function HarvestPage() {
  useTitle('Harvest sources');
  const sources = useQuery({ queryKey: KEY, queryFn: ({ signal }) => allOf<HarvestSourceRecord>('/harvest-sources', signal) });
  const refresh = () => queryClient.invalidateQueries({ queryKey: KEY });
  const pause = useMutation({
    mutationFn: (source: HarvestSourceRecord) => call(`/harvest-sources/${source.id}`, { method: 'PATCH', json: { paused: !source.paused }, version: source.version }),
    onSuccess: refresh,
    onError: sayProblem,
  });
  const allow = useMutation({
    mutationFn: (source: HarvestSourceRecord) => call(`/harvest-sources/${source.id}`, { method: 'PATCH', json: { sidecars: !source.sidecars }, version: source.version }),
    onSuccess: refresh,
    onError: sayProblem,
  });
  const scan = useMutation({ mutationFn: (source: HarvestSourceRecord) => call(`/harvest-sources/${source.id}/scan`, { method: 'POST' }), onSuccess: refresh, onError: sayProblem });
  if (sources.isError) return <ProblemView error={sources.error} what="list of harvest sources" />;
  if (!sources.data) return <Waiting for="the harvest sources" />;
  return (
    <div className={classes.page}>
      <h1>Harvest sources</h1>
      <p className={classes.quiet}>Folders on instrument shares that the hub watches. It takes files once they are complete. It writes nothing there, unless you allow texts: then projects that ask for them have a small text with the metadata beside each linked file.</p>
      {sources.data.length === 0 ? <p>No folder is watched yet. Name one below, and what comes to rest in it is taken in by itself.</p> : (
        <ScrollTable label="Harvest sources" minWidth={620}>
          <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Folder</Table.Th><Table.Th>Into</Table.Th><Table.Th ta="right">Taken</Table.Th><Table.Th>Last look</Table.Th><Table.Th>Problem</Table.Th><Table.Th>Texts</Table.Th><Table.Th><VisuallyHidden>Change</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {sources.data.map((source) => (
              <Table.Tr key={source.id}>
                <Table.Td>{source.name}{source.paused && <small> paused</small>}</Table.Td>
                <Table.Td><code>{source.folder}</code></Table.Td>
                <Table.Td><Link to={`/nodes/${source.node.id}`}>{source.node.name}</Link></Table.Td>
                <Table.Td ta="right">{source.entries.taken.toLocaleString('en-US')}{source.entries.failed > 0 && <span className={classes.problem}> {source.entries.failed} not</span>}</Table.Td>
                <Table.Td>{source.scanningSince ? 'looking now' : source.lastScanAt ? <Moment at={source.lastScanAt} /> : 'not yet'}</Table.Td>
                <Table.Td className={source.problem ? classes.problem : undefined}>{source.problem ?? 'none'}</Table.Td>
                <Table.Td><Switch size="sm" checked={source.sidecars} disabled={allow.isPending} onChange={() => allow.mutate(source)} aria-label={`Allow texts in the folder of ${source.name}`} /></Table.Td>
                <Table.Td ta="right">
                  <Button.Group>
                    <Button size="compact-sm" variant="default" aria-label={`Look into ${source.name} now`} onClick={() => scan.mutate(source)}>Look now</Button>
                    <Button size="compact-sm" variant="default" aria-label={`${source.paused ? 'Go on with' : 'Pause'} ${source.name}`} onClick={() => pause.mutate(source)}>{source.paused ? 'Go on' : 'Pause'}</Button>
                  </Button.Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollTable>
      )}
      <NewSource onMade={refresh} />
    </div>
  );
}

function NewSource({ onMade }: { onMade: () => Promise<void> }) {
  const projects = useHomes('projects');
  const [name, setName] = useState('');
  const [folder, setFolder] = useState('');
  const [project, setProject] = useState('');
  const make = useMutation({
    mutationFn: () => call('/harvest-sources', { method: 'POST', json: { name: name.trim(), folder: folder.trim(), nodeId: project } }),
    onSuccess: () => {
      setName('');
      setFolder('');
      return onMade();
    },
  });
  return (
    <section>
      <h2>New source</h2>
      <form className={classes.form} onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
        <TextInput label="Name" placeholder="Titan, camera PC" value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <TextInput label="Folder" description="As the hub sees it, beneath one of its allowed roots" value={folder} onChange={(e) => setFolder(e.currentTarget.value)} />
        <NativeSelect label="Into the project" value={project} onChange={(e) => setProject(e.currentTarget.value)} data={[{ value: '', label: 'Choose a project' }, ...(projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]} />
        {make.error && <Alert color="red" variant="light" role="alert">{make.error.message}</Alert>}
        <Button type="submit" disabled={!name.trim() || !folder.trim() || !project} loading={make.isPending}>Watch the folder</Button>
      </form>
    </section>
  );
}
