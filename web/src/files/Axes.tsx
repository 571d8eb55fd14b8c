import { Table } from '@mantine/core';
import type { Axis, ExtractionFacts, Image } from '../api/types';
import { ReadBefore } from '../rereading/ReadBefore';
import { ScrollTable } from '../shared/ScrollTable';
import { formatNumber, formatQuantity, formatStep } from './quantity';
import classes from './Files.module.css';

export function Axes({ set, image, extraction }: { set: string; image: Image; extraction: ExtractionFacts | null }) {
  return (
    <>
      <ScrollTable label="Axes" minWidth={520}>
        <Table.Thead><Table.Tr><Table.Th>Axis</Table.Th><Table.Th>Role</Table.Th><Table.Th ta="right">Size</Table.Th><Table.Th ta="right">Step</Table.Th><Table.Th ta="right">Offset</Table.Th><Table.Th ta="right">Length</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {image.axes.map((axis, i) => (
            <Table.Tr key={i}>
              <Table.Td>{axis.name}</Table.Td>
              <Table.Td>{axis.role}</Table.Td>
              <Table.Td ta="right">{axis.size.toLocaleString('en-US')}</Table.Td>
              <Table.Td ta="right" title={exact(axis.scale, axis)}>{axis.scale === null ? <span className={classes.none}>not calibrated</span> : formatStep(axis.scale, axis.unit)}</Table.Td>
              <Table.Td ta="right" title={exact(axis.offset, axis)}>{axis.offset === null ? <span className={classes.none}>not recorded</span> : `${formatNumber(axis.offset)} ${axis.unit ?? ''}`}</Table.Td>
              <Table.Td ta="right">{axis.scale === null ? '' : formatStep(Math.abs(axis.scale) * axis.size, axis.unit)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
      {extraction && <p className={classes.none}>Read by {[extraction.format, extraction.readerVersion].filter(Boolean).join(' ')}{extraction.mappingVersion && `, mapping ${extraction.mappingVersion}`}{extraction.softwareVersion && `, Stemma ${extraction.softwareVersion}`}{extraction.seconds != null && `, in ${formatQuantity(extraction.seconds, 's', 3)}`}</p>}
      {extraction && <ReadBefore set={set} />}
    </>
  );
}

const exact = (value: number | null, axis: Axis) => (value === null ? undefined : `${value} ${axis.unit ?? ''}`);
