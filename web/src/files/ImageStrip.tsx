import { useEffect, useRef } from 'react';
import { address } from '../api/client';
import type { Image } from '../api/types';
import { formatExtent } from '../shared/format';
import classes from './ImageStrip.module.css';

/** The images of a set, to choose from. */
export function ImageStrip({ images, current, onChoose }: { images: Image[]; current: number; onChoose: (index: number) => void }) {
  const strip = useRef<HTMLUListElement>(null);
  useEffect(() => {
    strip.current?.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <ul ref={strip} className={classes.strip} aria-label={`${images.length} images of this file`}>
      {images.map((image) => (
        <li key={image.index}>
          <button type="button" aria-pressed={image.index === current} title={label(image)} onClick={() => onChoose(image.index)}>
            {image.thumbnailUrl ? <img src={address(image.thumbnailUrl)} alt="" loading="lazy" width={56} height={56} /> : <span className={classes.none} />}
            <span className={classes.label}>{image.title || `Image ${image.index + 1}`}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const label = (image: Image) => `${image.title || `Image ${image.index + 1}`}\n${formatExtent(image.shape)} ${image.pixelType}`;
