import { ActionIcon, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from 'react-router-dom';
import { address } from '../../api/client';
import { useFileSet } from '../../api/queries';
import type { FileSet } from '../../api/types';
import type { Selection } from '../../selection/useSelection';
import { count, formatExtent, formatSize } from '../../shared/format';
import { Icon } from '../../shared/Icon';
import { Moment } from '../../shared/Moment';
import { ProblemView } from '../../shared/ProblemView';
import { Waiting } from '../../shared/Waiting';
import { saveTags } from '../../tags/saveTags';
import { TagsEditor } from '../../tags/TagsEditor';
import { firstFacts } from '../facts';
import facts from '../Facts.module.css';
import { baseName } from '../names';
import classes from './DetailsPane.module.css';

/** What is known of the file set that is chosen, or that the keyboard is at, beside the list; on a phone as a sheet from below. */
export default function DetailsPane({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const narrow = useMediaQuery('(max-width: 799px)', undefined, { getInitialValueInEffect: false });
  const content = <Content selection={selection} />;
  if (narrow) return <Drawer opened onClose={onClose} position="bottom" size="auto" classNames={{ content: classes.sheet }} title="Details">{content}</Drawer>;
  return (
    <aside className={classes.pane} aria-label="Details">
      <ActionIcon className={classes.close} aria-label="Close the details (i)" title="Close the details (i)" onClick={onClose}><Icon name="close" /></ActionIcon>
      {content}
    </aside>
  );
}

function Content({ selection: { items, active } }: { selection: Selection }) {
  if (items.length > 1) return <Several sets={items} />;
  const one = items[0] ?? active;
  return one ? <One key={one.id} listed={one} /> : <p className={classes.none}>Choose a file, or move to one with the arrow keys, and what is known of it stands here.</p>;
}

function Several({ sets }: { sets: readonly FileSet[] }) {
  const tags = [...new Set(sets.flatMap((set) => set.tags))].sort();
  return (
    <>
      <h2 className={classes.name}>{count(sets.length, 'file')}</h2>
      <p className={classes.about}>{formatSize(sets.reduce((sum, set) => sum + set.size, 0))} in {count(sets.reduce((sum, set) => sum + set.fileCount, 0), 'file')}</p>
      {tags.length > 0 && <p className={classes.about}>Their tags: {tags.join(', ')}</p>}
    </>
  );
}

function One({ listed }: { listed: FileSet }) {
  const detail = useFileSet(listed.id);
  const set = detail.data;
  return (
    <>
      {listed.thumbnail && <Link to={`/file-sets/${listed.id}`} tabIndex={-1} aria-hidden="true"><img className={classes.picture} src={address(set?.images[0]?.previewUrl ?? listed.thumbnail)} alt="" /></Link>}
      <h2 className={classes.name}><Link to={`/file-sets/${listed.id}`}>{baseName(listed.name)}</Link></h2>
      <p className={classes.about}>
        {listed.image && <>{formatExtent(listed.image.shape)} · </>}{listed.formatName && <>{listed.formatName} · </>}{formatSize(listed.size)}<br />
        in <Link to={`/nodes/${listed.datasetId}`}>{listed.datasetName}</Link>, added <Moment at={listed.createdAt} />
      </p>
      {detail.isError && <ProblemView error={detail.error} what="file" retry={() => void detail.refetch()} />}
      {!set && !detail.isError && <Waiting for="what is known of it" />}
      {set && (
        <>
          <TagsEditor tags={set.tags} mayEdit={set.capabilities.includes('edit')} tagsOf={set.path[0]?.id ?? set.datasetId} onSave={(tags) => saveTags(set, tags)} />
          {set.extraction && (
            <dl className={`${facts.list} ${classes.facts}`}>
              {firstFacts(set, set.images[0]).map(({ label, value, source, note }) => (
                <div key={label}><dt>{label}</dt>{value === null ? <dd data-missing>not recorded</dd> : <dd title={[source && `from ${source}`, note].filter(Boolean).join('\n') || undefined}>{value}</dd>}</div>
              ))}
            </dl>
          )}
          <p className={classes.more}>
            <Link to={`/file-sets/${set.id}?tab=metadata`}>Metadata</Link>
            <Link to={`/file-sets/${set.id}?tab=files`}>{count(set.files.length, 'file')}</Link>
            <Link to={`/file-sets/${set.id}?tab=history`}>History</Link>
          </p>
        </>
      )}
    </>
  );
}
