import { Button, Table, VisuallyHidden } from '@mantine/core';
import type { FileSetDetail } from '../api/types';
import { Digest } from '../shared/Copyable';
import { formatSize } from '../shared/format';
import { Icon } from '../shared/Icon';
import { Moment } from '../shared/Moment';
import { ScrollTable } from '../shared/ScrollTable';
import { contentUrl } from './FileSetActions';
import classes from './Files.module.css';

export function Files({ set }: { set: FileSetDetail }) {
  const mayDownload = set.capabilities.includes('download');
  return (
    <ScrollTable label="Files" minWidth={680}>
      <Table.Thead><Table.Tr><Table.Th>File</Table.Th><Table.Th>Role</Table.Th><Table.Th ta="right">Size</Table.Th><Table.Th>SHA-256</Table.Th><Table.Th>Added</Table.Th><Table.Th><VisuallyHidden>Download</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>
        {set.files.map((file) => (
          <Table.Tr key={file.id}>
            <Table.Td className={classes.path}>{file.path}{file.version > 1 && <span className={classes.none}> version {file.version}</span>}</Table.Td>
            <Table.Td>{file.role}</Table.Td>
            <Table.Td ta="right" title={`${file.size.toLocaleString('en-US')} bytes`}>{formatSize(file.size)}</Table.Td>
            <Table.Td><Digest sha256={file.sha256} /></Table.Td>
            <Table.Td><Moment at={file.depositedAt} /> {file.storage === 'linked' && <span className={classes.none}>linked{file.linkState ? `, ${file.linkState}` : ''}</span>}</Table.Td>
            <Table.Td ta="right">{mayDownload && <Button component="a" href={contentUrl(file.id)} size="compact-sm" variant="default" leftSection={<Icon name="download" size={14} />} aria-label={`Download ${file.path}`}>Download</Button>}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollTable>
  );
}
