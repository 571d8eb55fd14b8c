import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { FileSetDetail, Image } from '../api/types';
import { count, formatExtent, formatSize } from '../shared/format';
import { Icon } from '../shared/Icon';
import { Moment } from '../shared/Moment';
import { saveTags } from '../tags/saveTags';
import { TagsEditor } from '../tags/TagsEditor';
import { kindOfName } from './content/kind';
import { type Fact, firstFacts, otherFacts } from './facts';
import classes from './Facts.module.css';
import { ReadAgain } from './ReadAgain';
import { reading } from './reading';

const ShowFirstDialog = lazy(() => import('../metadataViews/ShowFirstDialog'));

/** What matters about a file set, beside its picture. */
export function Facts({ set, image }: { set: FileSetDetail; image: Image | undefined }) {
  const others = otherFacts(set);
  const state = reading(set);
  const [, setParams] = useSearchParams();
  const [choosing, setChoosing] = useState(false);
  // What comes first is the project's choice; who sees only a part of it does not make it.
  const project = set.capabilities.includes('edit') ? set.path.find(({ kind }) => kind === 'project') : undefined;
  const show = (source: string) => setParams(() => {
    const params = new URLSearchParams(location.search);
    params.set('tab', 'metadata');
    params.set('q', source);
    return params;
  }, { replace: true, preventScrollReset: true });
  return (
    <section className={classes.facts} aria-label="Facts">
      {/* Of a file that was never read nobody can say what it does not record. */}
      {set.extraction && <List facts={firstFacts(set, image)} onSource={show} />}
      {others.length > 0 && (
        <details className={classes.more}>
          <summary>{count(others.length, 'more fact')}</summary>
          <List facts={others} onSource={show} />
        </details>
      )}
      {set.extraction && project && <button type="button" className={classes.choose} onClick={() => setChoosing(true)}>Choose what is shown first…</button>}
      {choosing && project && <Suspense><ShowFirstDialog set={set} project={project} onClose={() => setChoosing(false)} /></Suspense>}
      <p className={classes.file}>
        {image && <>{formatExtent(image.shape)} {image.pixelType}{image.partial && <>, partly there: {image.partial}</>}<br /></>}
        {set.formatName ?? formatByName(set)}, {formatSize(set.size)}{set.fileCount > 1 && ` in ${count(set.fileCount, 'file')}`}<br />
        added <Moment at={set.createdAt} />{set.files[0]?.depositedBy.name && ` by ${set.files[0].depositedBy.name}`}
      </p>
      <TagsEditor tags={set.tags} mayEdit={set.capabilities.includes('edit')} tagsOf={set.path[0]?.id ?? set.datasetId} onSave={(tags) => saveTags(set, tags)} />
      {state && image && <p className={classes.note} data-tone={state.tone}>{state.words}{state.why && `: ${state.why}`} {state.tone === 'problem' && <ReadAgain set={set} />}</p>}
      {set.awaited.length > 0 && <p className={classes.note}>Not here yet: {set.awaited.join(', ')}. The file speaks of {set.awaited.length === 1 ? 'it' : 'them'}; it will be read again when {set.awaited.length === 1 ? 'it arrives' : 'they arrive'}.</p>}
      {set.warnings.length > 0 && (
        <div className={classes.warnings}>
          <h2><Icon name="warning" size={16} /> {count(set.warnings.length, 'warning')} while reading</h2>
          <ul>{set.warnings.map((warning, i) => <li key={i}>{warning}</li>)}</ul>
        </div>
      )}
    </section>
  );
}

function formatByName({ name }: FileSetDetail): string {
  const kind = kindOfName(name);
  return kind === null ? 'Unknown format' : kind === 'table' ? 'Table' : 'Text';
}

function List({ facts, onSource }: { facts: Fact[]; onSource: (source: string) => void }) {
  return (
    <dl className={classes.list}>
      {facts.map(({ label, value, source, note }) => (
        <div key={label}>
          <dt>{label}</dt>
          {value === null ? <dd data-missing>not recorded</dd> : (
            <dd title={[source && `from ${source}`, note].filter(Boolean).join('\n') || undefined}>
              {source ? <button type="button" className={classes.value} onClick={() => onSource(source)} aria-description="Show where it comes from in the metadata">{value}</button> : value}
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
