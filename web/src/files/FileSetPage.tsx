import { useNavigate, useParams } from 'react-router-dom';
import { useMarks } from '../annotations/useMarks';
import { useWatch } from '../api/live';
import { isGone } from '../api/client';
import { useFileSet } from '../api/queries';
import type { FileSetDetail } from '../api/types';
import { Breadcrumb } from '../app/Breadcrumb';
import { useAt } from '../app/place';
import { useForgotten, useSeen } from '../recent/recent';
import { FieldsPanel } from '../fields/FieldsPanel';
import { useKeys } from '../shared/keys';
import { ProblemView } from '../shared/ProblemView';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import { useQueryState } from '../shared/useQueryState';
import { Beside } from './Beside';
import { Details } from './Details';
import { FileSetActions } from './FileSetActions';
import classes from './FileSetPage.module.css';
import { FileTitle } from './FileTitle';
import { ImageStrip } from './ImageStrip';
import { baseName } from './names';
import { isSpectrum, MeanSpectrum } from './MeanSpectrum';
import { useNeighbours } from './neighbours';
import { Stage } from './Stage';
import { WithoutPicture } from './WithoutPicture';

export default function FileSetPage() {
  const { id = '' } = useParams();
  const set = useFileSet(id);
  useTitle(set.data && baseName(set.data.name));
  useForgotten(id, isGone(set.error));
  if (set.isError) return <ProblemView error={set.error} what="file" retry={() => void set.refetch()} />;
  if (!set.data) return <Waiting for="this file" />;
  return <FileSetView key={id} set={set.data} />;
}

function FileSetView({ set }: { set: FileSetDetail }) {
  const navigate = useNavigate();
  const [index, setIndex] = useQueryState('image', '0');
  const home = set.path.at(-1);
  const { previous, next } = useNeighbours(set.id);
  const image = set.images.find((candidate) => candidate.index === Number(index)) ?? set.images[0];
  const marks = useMarks(set, image);
  useAt(home ? { id: home.id, kind: home.kind, name: home.name, path: set.path, canAdd: set.capabilities.includes('add') } : null);
  useWatch(set.path[0]?.id ?? set.datasetId);
  useSeen({ id: set.id, kind: 'fileSet', name: baseName(set.name), within: set.datasetName });
  useKeys({
    Escape: () => void navigate(`/nodes/${set.datasetId}`),
    ArrowLeft: () => previous && void navigate(`/file-sets/${previous}`, { replace: true }),
    ArrowRight: () => next && void navigate(`/file-sets/${next}`, { replace: true }),
  });
  return (
    <>
      <Breadcrumb path={set.path} current={baseName(set.name)} />
      <header className={classes.head}>
        <FileTitle set={set} />
        <FileSetActions set={set} previous={previous} next={next} />
      </header>
      <div className={classes.top}>
        <div className={classes.picture}>
          {image?.previewUrl && image.preview ? !isSpectrum(image) && <Stage key={image.index} image={image} isLow={set.images.length > 1 || Boolean(image.spectrumUrl)} marks={marks} /> : <WithoutPicture set={set} />}
          {image && <MeanSpectrum key={image.index} set={set} image={image} />}
          {set.images.length > 1 && <ImageStrip images={set.images} current={image?.index ?? 0} onChoose={(chosen) => {
            marks.select(null);
            setIndex(String(chosen));
          }} />}
        </div>
        <Beside set={set} image={image} marks={marks} />
      </div>
      <FieldsPanel of="file-sets" object={set} />
      <Details set={set} image={image} />
    </>
  );
}
