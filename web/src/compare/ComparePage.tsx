import { Button } from '@mantine/core';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { useWatch } from '../api/live';
import { useFileSet } from '../api/queries';
import type { FileSetDetail } from '../api/types';
import { baseName } from '../files/names';
import { FIT } from '../files/viewport';
import { useKeys } from '../shared/keys';
import { ProblemView } from '../shared/ProblemView';
import { useQueryState } from '../shared/useQueryState';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import { compareAddress } from './address';
import { ChooseFile } from './ChooseFile';
import classes from './ComparePage.module.css';
import { ComparedTable } from './ComparedTable';
import { Side } from './Side';
import { useLinkedView } from './useLinkedView';

/** Two files beside each other: pictures that zoom and move together, and what they record, line by line. */
export default function ComparePage() {
  const [params] = useSearchParams();
  const [a, b] = [params.get('a') ?? '', params.get('b') ?? ''];
  const first = useFileSet(a, a !== '');
  const second = useFileSet(b, b !== '');
  const known = first.data ?? second.data;
  const failed = first.isError ? first : second.isError ? second : null;
  if (failed) return <ProblemView error={failed.error} what="file" retry={() => void failed.refetch()} />;
  if (!a && !b) return <ProblemView error={new Error('The address names no files. Open a file, and choose “Compare with…” in its menu.')} what="comparison" />;
  if (!known) return <Waiting for="the files" />;
  if (!a || !b) return <Missing known={known} />;
  if (!first.data || !second.data) return <Waiting for="the other file" />;
  return <Comparison key={`${a} ${b}`} a={first.data} b={second.data} />;
}

/** Of two files one is named: the other is chosen here. */
function Missing({ known }: { known: FileSetDetail }) {
  const navigate = useNavigate();
  return (
    <>
      <h1 className={classes.title}>Compare {baseName(known.name)} with…</h1>
      <ChooseFile set={known} onChoose={(other) => void navigate(compareAddress(known.id, other), { replace: true })} />
    </>
  );
}

function Comparison({ a, b }: { a: FileSetDetail; b: FileSetDetail }) {
  const navigate = useNavigate();
  const [indexA, setIndexA] = useQueryState('ia', '0');
  const [indexB, setIndexB] = useQueryState('ib', '0');
  const [only, setOnly] = useQueryState('only', '');
  const linked = useLinkedView();
  const imageOf = (set: FileSetDetail, index: string) => set.images.find((image) => image.index === Number(index)) ?? set.images[0];
  const [imageA, imageB] = [imageOf(a, indexA), imageOf(b, indexB)];
  const swap = () => {
    const params = new URLSearchParams(location.search);
    for (const [left, right] of [['a', 'b'], ['ia', 'ib']] as const) {
      const [old, other] = [params.get(left), params.get(right)];
      if (other === null) params.delete(left);
      else params.set(left, other);
      if (old === null) params.delete(right);
      else params.set(right, old);
    }
    void navigate(`/compare?${params}`, { replace: true });
  };
  useTitle(`${baseName(a.name)} and ${baseName(b.name)}`);
  useWatch(a.path[0]?.id ?? a.datasetId);
  useKeys({
    '+': () => linked.zoom(1.5), '=': () => linked.zoom(1.5), '-': () => linked.zoom(1 / 1.5), 0: () => linked.setView(() => FIT),
    s: swap,
    o: () => setOnly(only ? '' : 'on'),
    Escape: () => void navigate(`/file-sets/${a.id}`),
  });
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>Two files beside each other</h1>
        <Button variant="default" onClick={swap}>Swap</Button>
      </header>
      <div className={classes.sides}>
        <Side label="A" set={a} image={imageA} linked={linked} onImage={setIndexA} />
        <Side label="B" set={b} image={imageB} linked={linked} onImage={setIndexB} />
      </div>
      <ComparedTable a={a} b={b} imageA={imageA} imageB={imageB} only={only !== ''} onOnly={(on) => setOnly(on ? 'on' : '')} />
    </>
  );
}
