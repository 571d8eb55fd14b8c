import { Alert, Button, Modal, Radio, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { nodesChanged, useHomes } from '../api/queries';
import { createHome } from '../projects/changes';
import classes from '../projects/dialogs.module.css';
import { count, formatSize } from '../shared/format';
import { commonFolder, isZip } from './folders';
import { begin, type Intake, setIntake } from './intake';

const NEW = 'new';

/** Asks what the drop left open: into which project, and whether archives are to be unpacked. */
export default function IntakeDialog({ intake: { files, place } }: { intake: Intake }) {
  const homes = useHomes('projects', !place);
  const projects = (homes.data ?? []).filter((project) => project.capabilities.includes('add'));
  const [to, setTo] = useState<string | null>(null);
  const [name, setName] = useState(commonFolder(files) ?? 'New project');
  const [unpack, setUnpack] = useState('unpack');
  const navigate = useNavigate();
  const zips = files.filter(({ path }) => isZip(path)).length;
  const chosen = to ?? (projects.length ? null : NEW);
  const close = () => setIntake(null);
  const go = useMutation({
    mutationFn: async () => {
      const target = place ?? (chosen === NEW ? await createHome('project', name.trim()) : projects.find(({ id }) => id === chosen));
      if (!target) return;
      begin(files, target, zips > 0 && unpack === 'unpack');
      close();
      if (place) return;
      nodesChanged();
      await navigate(`/nodes/${target.id}`);
    },
  });
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  return (
    <Modal opened onClose={close} title={place ? `Add to ${place.name}` : 'Where should it go?'}>
      <form className={classes.form} onSubmit={(event) => { event.preventDefault(); go.mutate(); }}>
        <p className={classes.about}>{count(files.length, 'file')}, {formatSize(size)}</p>
        {!place && (
          <Select label="Project" placeholder="Choose a project" searchable value={chosen} onChange={setTo} allowDeselect={false}
            data={[...projects.map((project) => ({ value: project.id, label: project.name })), { value: NEW, label: 'A new project…' }]} />
        )}
        {!place && chosen === NEW && <TextInput label="Name of the new project" value={name} onChange={(e) => setName(e.currentTarget.value)} />}
        {zips > 0 && (
          <Radio.Group label={zips === 1 ? 'One file is a zip archive' : `${count(zips, 'file')} are zip archives`} value={unpack} onChange={setUnpack}>
            <Radio mt={8} value="unpack" label="Unpack on arrival" description="The hub keeps the archive and puts its files in a folder beside it." />
            <Radio mt={8} value="keep" label="Keep as it is" />
          </Radio.Group>
        )}
        {go.error && <Alert color="red" variant="light" role="alert">{go.error.message}</Alert>}
        <div className={classes.actions}>
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button type="submit" loading={go.isPending} disabled={!place && (!chosen || (chosen === NEW && !name.trim()))}>Add {count(files.length, 'file')}</Button>
        </div>
      </form>
    </Modal>
  );
}
