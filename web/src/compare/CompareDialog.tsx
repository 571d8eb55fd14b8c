import { Modal } from '@mantine/core';
import { useNavigate } from 'react-router-dom';
import type { FileSetDetail } from '../api/types';
import { baseName } from '../files/names';
import { compareAddress } from './address';
import { ChooseFile } from './ChooseFile';

/** Chooses the file to compare one with. */
export default function CompareDialog({ set, onClose }: { set: FileSetDetail; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <Modal opened onClose={onClose} title={`Compare ${baseName(set.name)} with`} size="lg">
      <ChooseFile set={set} onChoose={(other) => void navigate(compareAddress(set.id, other))} />
    </Modal>
  );
}
