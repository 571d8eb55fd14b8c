import { NativeSelect } from '@mantine/core';
import { Link } from 'react-router-dom';
import type { FileSetDetail, Image } from '../api/types';
import { baseName } from '../files/names';
import { NoPicture } from '../files/NoPicture';
import { Stage } from '../files/Stage';
import classes from './ComparePage.module.css';
import type { LinkedView } from './useLinkedView';

interface Props {
  label: string;
  set: FileSetDetail;
  image: Image | undefined;
  linked: LinkedView;
  onImage: (index: string) => void;
}

/** One of the two files: its name, which of its images is compared, and the picture. */
export function Side({ label, set, image, linked, onImage }: Props) {
  return (
    <section className={classes.side} aria-label={`File ${label}`}>
      <header className={classes.name}>
        <span className={classes.letter}>{label}</span>
        <Link to={`/file-sets/${set.id}`}>{baseName(set.name)}</Link>
        <span className={classes.where}>{set.path.at(-1)?.name}</span>
        {set.images.length > 1 && (
          <NativeSelect size="xs" aria-label={`Image of ${label}`} value={String(image?.index ?? 0)} onChange={(event) => onImage(event.currentTarget.value)}
            data={set.images.map(({ index, title }) => ({ value: String(index), label: title || `Image ${index + 1}` }))} />
        )}
      </header>
      {image?.previewUrl && image.preview ? <Stage key={image.index} image={image} isLow linked={linked} /> : <NoPicture set={set} />}
    </section>
  );
}
