import { useEffect } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { useAt } from '../app/place';
import { useChildren, useNode } from '../api/queries';
import { useWatch } from '../api/live';
import type { Node } from '../api/types';
import { Breadcrumb } from '../app/Breadcrumb';
import { FileSets } from '../files/FileSets';
import { NodeRemarks } from '../remarks/NodeRemarks';
import { Description } from '../shared/Description';
import { useKeys } from '../shared/keys';
import { ProblemView } from '../shared/ProblemView';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import { DemoBanner } from './DemoBanner';
import { NodeActions } from './NodeActions';
import { NodeCards } from './NodeCards';
import classes from './NodePage.module.css';

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
  useKeys({ Escape: () => void navigate(path.length ? `/nodes/${path.at(-1)!.id}` : '/') });
  return (
    <>
      <Breadcrumb path={path} current={node.name} />
      <header className={classes.head}>
        <h1>{node.name}</h1>
        <NodeActions node={node} />
      </header>
      {node.isDemo && <DemoBanner canRemove={node.capabilities.includes('manage')} />}
      {node.description && <Description text={node.description} />}
      <Facts node={node} />
      <NodeRemarks node={node} />
      {children.data && children.data.length > 0 && (
        <section className={classes.section} aria-label="Collections and datasets">
          <NodeCards nodes={children.data} label="Collections and datasets" />
        </section>
      )}
      {children.isError && <ProblemView error={children.error} what="list" retry={() => void children.refetch()} />}
      <FileSets node={node} hasChildren={Boolean(children.data?.length)} />
    </>
  );
}

function Facts({ node }: { node: Node }) {
  const parts = [node.licence, node.rightsHolder && `© ${node.rightsHolder}`, node.embargoUntil && `embargo until ${node.embargoUntil.slice(0, 10)}`, node.retainUntil && `kept at least until ${node.retainUntil.slice(0, 10)}`, node.legalHold && 'on legal hold'].filter(Boolean);
  if (!parts.length && !node.tags.length) return null;
  return (
    <p className={classes.facts}>
      {node.tags.map((tag) => <span key={tag} className={classes.tag}>{tag}</span>)}
      {parts.length > 0 && <span>{parts.join(' · ')}</span>}
    </p>
  );
}
