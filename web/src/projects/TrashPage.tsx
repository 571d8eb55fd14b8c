import { Button, Table, VisuallyHidden } from '@mantine/core';
import { useTrash } from '../api/queries';
import { formatExactly, formatUntil } from '../shared/format';
import { Moment } from '../shared/Moment';
import { ProblemView } from '../shared/ProblemView';
import { ScrollTable } from '../shared/ScrollTable';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import { KIND, restore } from './changes';
import { Empty } from './Empty';
import classes from './TrashPage.module.css';

export default function TrashPage() {
  useTitle('Trash');
  const trash = useTrash();
  if (trash.isError) return <ProblemView error={trash.error} retry={() => void trash.refetch()} />;
  if (!trash.data) return <Waiting for="the trash" />;
  return (
    <>
      <h1>Trash</h1>
      {trash.data.length === 0 ? (
        <Empty title="The trash is empty">What you move to the trash waits here, whole, until its grace period is over.</Empty>
      ) : (
        <>
          <p className={classes.about}>What is here can be put back, whole, until its grace period is over. Then it goes for good, and only a note of it stays in the history.</p>
          <ScrollTable label="Trash" minWidth={320}>
            <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Trashed</Table.Th><Table.Th><VisuallyHidden>Restore</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {trash.data.map((entry) => (
                <Table.Tr key={entry.trashId}>
                  <Table.Td className={classes.name}>
                    {entry.name}
                    <small>{entry.kind === 'fileSet' ? 'file' : KIND[entry.kind].toLowerCase()}{entry.from && ` from ${entry.from.name}`}</small>
                  </Table.Td>
                  <Table.Td className={classes.when}>
                    <span><Moment at={entry.trashedAt} />{entry.trashedBy && ` by ${entry.trashedBy.name}`}</span>
                    <small>{entry.purgesAt ? <time dateTime={entry.purgesAt} title={formatExactly(entry.purgesAt)}>goes for good in {formatUntil(entry.purgesAt)}</time> : 'kept: a legal hold binds it'}</small>
                  </Table.Td>
                  <Table.Td ta="right"><Button size="compact-sm" variant="default" aria-label={`Restore ${entry.name}`} onClick={() => void restore(entry.trashId, entry.name)}>Restore</Button></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </ScrollTable>
        </>
      )}
    </>
  );
}
