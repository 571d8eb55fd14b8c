import { Modal } from '@mantine/core';
import type { Node } from '../api/types';
import History from '../files/History';

export default function HistoryDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  return <Modal opened onClose={onClose} title={`History of ${node.name}`} size="lg"><History of="nodes" id={node.id} /></Modal>;
}
