import { Switch } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type PointerEvent, useMemo, useState } from 'react';
import { API, call } from '../api/client';
import type { Axis, FileSetDetail, Image } from '../api/types';
import { count } from '../shared/format';
import { Waiting } from '../shared/Waiting';
import { type Curve, heightsOf, pathOf } from './curve';
import classes from './MeanSpectrum.module.css';
import { formatNumber } from './quantity';
import { ReadAgain } from './ReadAgain';
import { ticksOf } from './ticks';

/** Beside a picture, and where it is all that there is to see. */
const [LOW, HIGH] = [220, 420];
/** Room for the numbers beside and below the curve. */
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 12, 8, 40];

/** Whether an image is a spectrum and nothing else: then it is shown as the curve that it is, in place of a picture of one. */
export const isSpectrum = ({ preview, spectrumUrl }: Image) => Boolean(spectrumUrl) && preview?.verticalAxis === null;

/** A spectrum, or the mean spectrum beside the picture of a spectrum image. */
export function MeanSpectrum({ set, image }: { set: FileSetDetail; image: Image }) {
  const axis = image.axes.find(({ role, size }) => role === 'signal' && size > 1);
  const curve = useQuery({
    queryKey: ['spectrum', image.spectrumUrl],
    enabled: Boolean(image.spectrumUrl && axis),
    staleTime: Infinity,
    queryFn: ({ signal }) => call<Curve>(image.spectrumUrl!.slice(API.length), { signal }),
  });
  if (!image.spectrumUrl || !axis) return null;
  if (curve.isError) return <p className={classes.caption}>The mean spectrum is not there as numbers, as it is when this version reads the file. <ReadAgain set={set} /></p>;
  return curve.data ? <Plot curve={curve.data} axis={axis} height={isSpectrum(image) ? HIGH : LOW} /> : <Waiting for="the mean spectrum" />;
}

/** The curve with the numbers of both axes; under the pointer it says its value. */
function Plot({ curve, axis, height: whole }: { curve: Curve; axis: Axis; height: number }) {
  const { ref, width: room } = useElementSize();
  const [logarithmic, setLogarithmic] = useState(curve.logarithmicUnit !== null);
  const [at, setAt] = useState<number | null>(null);
  const [width, height] = [Math.max(1, room - LEFT - RIGHT), whole - TOP - BOTTOM];
  const heights = useMemo(() => heightsOf(curve, logarithmic ? (curve.logarithmicUnit ?? 1) : null), [curve, logarithmic]);
  const path = useMemo(() => pathOf(curve, heights, width, height), [curve, heights, width, height]);
  const pieces = curve.low.length;
  const coordinate = (piece: number) => (axis.offset ?? 0) + (axis.scale ?? 1) * (pieces === 1 ? 0 : (piece / (pieces - 1)) * (axis.size - 1));
  const unit = axis.unit ?? (axis.scale === null ? 'channel' : '');
  const point = (event: PointerEvent) => {
    const share = (event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT) / width;
    setAt(share < 0 || share > 1 ? null : Math.round(share * (pieces - 1)));
  };
  const value = at === null ? null : (curve.high[at] ?? null);
  return (
    <figure className={classes.figure}>
      <div ref={ref} className={classes.plot} style={{ height: whole }}>
        <svg width={room} height={whole} role="img" aria-label={`${curve.spectra === 1 ? 'Spectrum' : 'Mean spectrum'} along ${axis.name}`} onPointerMove={point} onPointerLeave={() => setAt(null)}>
          <g transform={`translate(${LEFT} ${TOP})`}>
            {heights.ticks.map(({ value: number, at: share }) => (
              <g key={number} transform={`translate(0 ${(1 - share) * height})`}>
                <line x2={width} className={classes.grid} />
                <text x={-8} dy="0.32em" textAnchor="end">{formatNumber(number)}</text>
              </g>
            ))}
            <path d={`M0 0V${height}H${width}`} className={classes.frame} />
            {ticksOf(axis).map(({ value: number, at: share }) => (
              <g key={number} transform={`translate(${share * width} ${height})`}>
                <line y2={5} className={classes.frame} />
                <text y={18} textAnchor="middle">{formatNumber(number)}</text>
              </g>
            ))}
            <text x={width / 2} y={height + 35} textAnchor="middle">{axis.name}{unit && ` (${unit})`}</text>
            <path d={path} className={classes.curve} />
            {at !== null && <line x1={(at / Math.max(1, pieces - 1)) * width} x2={(at / Math.max(1, pieces - 1)) * width} y2={height} className={classes.pointer} />}
          </g>
        </svg>
      </div>
      <figcaption className={classes.caption}>
        <span>{at !== null && value !== null ? `${formatNumber(coordinate(at), 5)} ${unit}: ${formatNumber(value)}` : `${curve.spectra === 1 ? '' : `Mean of ${count(curve.spectra, 'spectrum', 'spectra')}, `}${axis.size.toLocaleString('en-US')} channels`}</span>
        <Switch size="xs" label="Logarithmic" checked={logarithmic} onChange={(event) => setLogarithmic(event.currentTarget.checked)} />
      </figcaption>
    </figure>
  );
}
