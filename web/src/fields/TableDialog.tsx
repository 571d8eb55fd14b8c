import { Alert, Button, FileButton, Modal, SegmentedControl, Table } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { address, API } from '../api/client';
import type { Node, TableReport } from '../api/types';
import dialog from '../projects/dialogs.module.css';
import { count } from '../shared/format';
import { Icon } from '../shared/Icon';
import { ScrollTable } from '../shared/ScrollTable';
import { say } from '../shared/toasts';
import { importTable } from './changes';
import classes from './fields.module.css';

type Rows = 'datasets' | 'file-sets';

const SHOWN = 200;

/** Takes what is filled in below a node out as a table, and brings one back. What it would change is shown before anything is. */
export default function TableDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  const [of, setOf] = useState<Rows>(node.kind === 'dataset' ? 'file-sets' : 'datasets');
  const [file, setFile] = useState<File | null>(null);
  const mayEdit = node.capabilities.includes('edit');
  const check = useMutation({ mutationFn: (table: File) => importTable(node.id, of, table, true) });
  const apply = useMutation({
    mutationFn: (table: File) => importTable(node.id, of, table, false),
    onSuccess: ({ changeCount }) => {
      say(`${count(changeCount, 'value')} changed from the table.`);
      onClose();
    },
  });
  const forget = () => {
    setFile(null);
    check.reset();
    apply.reset();
  };
  const choose = (chosen: File | null) => {
    if (!chosen) return;
    apply.reset();
    setFile(chosen);
    check.mutate(chosen);
  };
  const report = check.data;
  const error = check.error ?? apply.error;
  return (
    <Modal opened onClose={onClose} title={`Table of ${node.name}`} size="xl">
      <div className={dialog.form}>
        <SegmentedControl aria-label="One row for each" value={of} onChange={(chosen) => { setOf(chosen as Rows); forget(); }} data={[{ value: 'datasets', label: 'A row per dataset' }, { value: 'file-sets', label: 'A row per file' }]} />
        <p className={dialog.about}>Take the table out, fill it in with a spreadsheet, and bring it back saved as CSV (UTF-8). The id says which row is whose; an empty cell clears, and a column or row that is left out is left alone.</p>
        <div className={classes.bring}>
          <Button component="a" variant="default" leftSection={<Icon name="download" />} href={address(`${API}/nodes/${node.id}/fields.csv?of=${of}`)}>Take out</Button>
          {mayEdit && <FileButton accept=".csv,.tsv,text/csv,text/tab-separated-values" onChange={choose} inputProps={{ 'aria-label': 'Table to bring back' }}>{(props) => <Button {...props} variant={file ? 'default' : 'filled'} leftSection={<Icon name="upload" />} loading={check.isPending}>{file ? 'Another table' : 'Bring back…'}</Button>}</FileButton>}
          {file && <span className={classes.quiet}>{file.name}</span>}
        </div>
        {error && <Alert color="red" variant="light" role="alert">{error.message}</Alert>}
        {report && <Report report={report} />}
        {report && file && report.problems.length === 0 && report.changeCount > 0 && (
          <div className={dialog.actions}>
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button loading={apply.isPending} onClick={() => apply.mutate(file)}>Change {count(report.changeCount, 'value')}</Button>
          </div>
        )}
      </div>
    </Modal>
  );
}

function Report({ report: { rows, problems, changes, changeCount } }: { report: TableReport }) {
  if (problems.length > 0) return (
    <>
      <Alert color="red" variant="light" role="alert">{count(problems.length, 'mistake')}. Nothing is changed until the table has none.</Alert>
      <ScrollTable label="Mistakes in the table" minWidth={300}>
        <Table.Thead><Table.Tr><Table.Th>Row</Table.Th><Table.Th>Column</Table.Th><Table.Th>What is wrong</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{problems.slice(0, SHOWN).map((problem, at) => <Table.Tr key={at}><Table.Td>{problem.row}</Table.Td><Table.Td>{problem.column || 'the row'}</Table.Td><Table.Td>{problem.problem}</Table.Td></Table.Tr>)}</Table.Tbody>
      </ScrollTable>
      {problems.length > SHOWN && <p className={classes.quiet}>and {count(problems.length - SHOWN, 'other', 'others')}</p>}
    </>
  );
  if (changeCount === 0) return <p role="status" className={classes.quiet}>{count(rows, 'row')} read. Everything in the table stands here already.</p>;
  return (
    <>
      <p role="status" className={classes.quiet}>{count(rows, 'row')} read. This would change:</p>
      <ScrollTable label="Changes of the table" minWidth={520}>
        <Table.Thead><Table.Tr><Table.Th>Where</Table.Th><Table.Th>Field</Table.Th><Table.Th>From</Table.Th><Table.Th>To</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{changes.map((change, at) => <Table.Tr key={at}><Table.Td>{change.path}</Table.Td><Table.Td>{change.field}</Table.Td><Table.Td>{change.from ?? <span className={classes.none}>nothing</span>}</Table.Td><Table.Td>{change.to ?? <span className={classes.none}>nothing</span>}</Table.Td></Table.Tr>)}</Table.Tbody>
      </ScrollTable>
      {changeCount > changes.length && <p className={classes.quiet}>and {count(changeCount - changes.length, 'other', 'others')}</p>}
    </>
  );
}
