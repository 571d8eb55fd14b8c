import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { useAt } from '../app/place';
import { isGone } from '../api/client';
import { useChildren, useNode } from '../api/queries';
import { useWatch } from '../api/live';
import type { Node } from '../api/types';
import { Breadcrumb } from '../app/Breadcrumb';
import { FieldsPanel } from '../fields/FieldsPanel';
import { FileSets } from '../files/FileSets';
import { useForgotten, useSeen } from '../recent/recent';
import { NodeRemarks } from '../remarks/NodeRemarks';
import { useKeys } from '../shared/keys';
import { ProblemView } from '../shared/ProblemView';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import { TagsEditor } from '../tags/TagsEditor';
import { editNode } from './changes';
import { DemoBanner } from './DemoBanner';
import { NodeActions } from './NodeActions';
import { NodeCards } from './NodeCards';
import { NodeDescription } from './NodeDescription';
import classes from './NodePage.module.css';
import { NodeTitle } from './NodeTitle';

// What is opened next from here is most often a file: its view is fetched while this one is looked at.
const fetchFileView = () => void import('../files/FileSetPage');

export default function NodePage() {
  const { id = '' } = useParams();
  const node = useNode(id);
  useEffect(() => {
    const timer = setTimeout(fetchFileView, 500);
    return () => clearTimeout(timer);
  }, []);
  useTitle(node.data?.name);
  useForgotten(id, isGone(node.error));
  if (node.isError) return <ProblemView error={node.error} retry={() => void node.refetch()} />;
  if (!node.data) return <Waiting for="this project" />;
  return <NodeView key={id} node={node.data} />;
}

function NodeView({ node }: { node: Node }) {
  const navigate = useNavigate();
  const path = node.path ?? [];
  const children = useChildren(node.id, node.kind !== 'dataset');
  useAt({ id: node.id, kind: node.kind, name: node.name, path, canAdd: node.capabilities.includes('add') && node.kind !== 'space' });
  useWatch(path[0]?.id ?? node.id);
  const [editing, setEditing] = useState<'name' | 'description' | null>(null);
  const end = () => setEditing(null);
  const begin = (what: typeof editing) => (event: KeyboardEvent) => {
    event.preventDefault();
    setEditing(what);
  };
  const last = path.at(-1);
  useSeen({ id: node.id, kind: node.kind, name: node.name, within: last?.name ?? null });
  useKeys({ ...(node.capabilities.includes('edit') && { F2: begin('name'), e: begin('description') }), Escape: () => void navigate(path.length ? `/nodes/${path.at(-1)!.id}` : '/') });
  return (
    <>
      <Breadcrumb path={path} current={node.name} />
      <header className={classes.head}>
        <NodeTitle node={node} isEditing={editing === 'name'} edit={() => setEditing('name')} onEnd={end} />
        <NodeActions node={node} rename={() => setEditing('name')} describe={() => setEditing('description')} />
      </header>
      {node.isDemo && <DemoBanner canRemove={node.capabilities.includes('manage')} />}
      <NodeDescription node={node} isEditing={editing === 'description'} edit={() => setEditing('description')} onEnd={end} />
      <Facts node={node} describe={editing === 'description' ? null : () => setEditing('description')} />
      <FieldsPanel of="nodes" object={node} />
      <NodeRemarks node={node} />
      {children.data && children.data.length > 0 && (
        <section className={classes.section} aria-label="Collections and datasets">
          <NodeCards nodes={children.data} label="Collections and datasets" isStrip />
        </section>
      )}
      {children.isError && <ProblemView error={children.error} what="list" retry={() => void children.refetch()} />}
      <FileSets node={node} hasChildren={Boolean(children.data?.length)} />
    </>
  );
}

function Facts({ node, describe }: { node: Node; describe: (() => void) | null }) {
  const mayEdit = node.capabilities.includes('edit');
  const parts = [node.embargoUntil && `embargo until ${node.embargoUntil.slice(0, 10)}`, node.retainUntil && `kept at least until ${node.retainUntil.slice(0, 10)}`, node.legalHold && 'on legal hold'].filter(Boolean);
  return (
    <TagsEditor tags={node.tags} mayEdit={mayEdit} tagsOf={node.path?.[0]?.id ?? node.id} onSave={(tags) => editNode(node, { tags }, 'The tags are changed.')}>
      {mayEdit && describe && <UnstyledButton title="Describe (e)" onClick={describe}>{node.description ? 'Edit the description' : 'Add a description'}</UnstyledButton>}
      {parts.length > 0 && <span>{parts.join(' · ')}</span>}
    </TagsEditor>
  );
}
