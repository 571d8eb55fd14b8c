import { address } from '../api/client';
import type { Image } from '../api/types';
import classes from './MeanSpectrum.module.css';
import { ticksOf } from './ticks';

/** Where the curve begins and ends in its picture, as shares of the width (Previews/CurvePlot). */
const MARGIN = 1 / 40;

/** The mean spectrum beside the picture of a spectrum image, with the coordinates of its axis below. */
export function MeanSpectrum({ image }: { image: Image }) {
  const axis = image.axes.find(({ role, size }) => role === 'signal' && size > 1);
  if (!image.spectrumUrl || !axis) return null;
  const name = `${axis.name}${axis.unit ? ` (${axis.unit})` : axis.scale === null ? ' (channel)' : ''}`;
  return (
    <figure className={classes.figure}>
      <div className={classes.plot}>
        <img src={address(image.spectrumUrl)} alt={`Mean spectrum along ${axis.name}`} width={1024} height={576} />
        <div className={classes.axis} aria-hidden="true">
          {ticksOf(axis).map(({ value, at }) => <span key={value} style={{ left: `${100 * (MARGIN + at * (1 - 2 * MARGIN))}%` }}>{value}</span>)}
        </div>
        <p className={classes.name}>{name}</p>
      </div>
      <figcaption className={classes.caption}>Mean spectrum of the whole image, {axis.size.toLocaleString('en-US')} channels</figcaption>
    </figure>
  );
}
