import { useEffect, useMemo, useRef, useState } from 'react';
import type { Annotation, Calibration, FileSetDetail, Image } from '../api/types';
import { say, sayProblem } from '../shared/toasts';
import { useQueryState } from '../shared/useQueryState';
import { count } from '../shared/format';
import { planeOf } from './frame';
import { add, type AnnotationList, change, type Change, find, importFrom, pathOf, remove, restore, useAnnotationList } from './list';
import { boundsOf, type Bounds, type Drawn, inOrder } from './shapes';
import type { Tool } from './tools';

/** What is marked in the image that is shown, and all that can be done about it. */
export interface Marks {
  items: readonly Annotation[];
  calibration: Calibration | null;
  /** Sizes of the plane to draw in; null where the picture shows none. */
  plane: { columns: number; rows: number } | null;
  /** While they are arriving, some may be there. */
  state: 'arriving' | 'there' | 'missing';
  canEdit: boolean;
  /** Beside the image the annotations are shown, and over it the tools. */
  isOpen: boolean;
  open: (isOpen: boolean) => void;
  tool: Tool;
  use: (tool: Tool) => void;
  isShown: boolean;
  show: (isShown: boolean) => void;
  selected: Annotation | null;
  select: (id: string | null) => void;
  /** A part of the image to be shown; another object each time. */
  target: Bounds | null;
  jumpTo: (annotation: Annotation) => void;
  /** The one that was just drawn, whose label is to be typed. */
  fresh: string | null;
  draw: (drawn: Drawn) => void;
  change: (id: string, change: Change) => void;
  remove: (id: string) => void;
  undo: () => void;
  canUndo: boolean;
  importFile: (file: File) => Promise<void>;
  exportUrl: (format: string) => string;
  retry: () => void;
}

const NONE: readonly Annotation[] = [];

export function useMarks(set: FileSetDetail, image: Image | undefined): Marks {
  const path = pathOf(set.id, image?.index ?? 0);
  const plane = useMemo(() => image ? planeOf(image) : null, [image]);
  const list = useAnnotationList(path, plane !== null);
  const items = list.data?.items ?? NONE;
  const [side, setSide] = useQueryState('side', 'facts');
  const [selectedId, setSelectedId] = useQueryState('annotation', '');
  const [tool, setTool] = useState<Tool>('select');
  const [isShown, setShown] = useState(true);
  const [target, setTarget] = useState<Bounds | null>(null);
  const [fresh, setFresh] = useState<string | null>(null);
  const canEdit = set.capabilities.includes('edit') && plane !== null;
  const selected = useMemo(() => (selectedId ? items.find(({ id }) => id === selectedId) : undefined) ?? null, [items, selectedId]);
  const edits = useEdits(path);
  useLinked(list.data, selectedId, setTarget, () => setSide('annotations'));

  return {
    items, plane, canEdit, tool, isShown, selected, target, fresh,
    calibration: list.data?.calibration ?? null,
    state: list.data?.isWhole ? 'there' : list.isError ? 'missing' : 'arriving',
    isOpen: side === 'annotations',
    open: (isOpen) => {
      setSide(isOpen ? 'annotations' : 'facts');
      if (!isOpen) setTool('select');
    },
    use: (next) => {
      setTool(next);
      setShown(true);
      if (next !== 'select') setSide('annotations');
    },
    show: setShown,
    select: (id) => {
      setFresh(null);
      setSelectedId(id ?? '');
    },
    jumpTo: (annotation) => {
      setFresh(null);
      setSelectedId(annotation.id);
      setTarget(boundsOf(annotation.points));
    },
    draw: (drawn) => edits.run(async () => {
      const made = await add(path, { kind: drawn.kind, points: inOrder(drawn) });
      edits.remember(async () => void (await remove(path, [made.id])));
      setSelectedId(made.id);
      setFresh(made.id);
    }),
    change: (id, to) => edits.run(async () => {
      const before = find(path, id);
      if (!before) return;
      await change(path, id, to);
      const back = Object.fromEntries(Object.keys(to).map((member) => [member, before[member as keyof Change]])) as Change;
      edits.remember(() => change(path, id, back));
    }),
    remove: (id) => edits.run(async () => {
      const removed = find(path, id);
      const removalId = await remove(path, [id]);
      setSelectedId('');
      edits.remember(() => restore(path, removalId));
      say(`${removed?.label ? `“${removed.label}”` : 'The annotation'} was removed.`, { label: 'Undo', run: () => edits.run(() => restore(path, removalId)) });
    }),
    undo: edits.undo,
    canUndo: edits.canUndo,
    importFile: async (file) => {
      try {
        const made = await importFrom(path, JSON.parse(await file.text()) as unknown);
        const back = async () => void (await remove(path, made.map(({ id }) => id)));
        edits.remember(back);
        say(`${count(made.length, 'annotation')} read from ${file.name}.`, { label: 'Undo', run: () => edits.run(back) });
      } catch (error) {
        sayProblem(error instanceof SyntaxError ? new Error(`${file.name} is no JSON: ${error.message}`) : error);
      }
    },
    exportUrl: (format) => `/api/v1${path}${format}`,
    retry: () => void list.refetch(),
  };
}

/** Changes go to the hub one after the other, so that each is made to what the one before left, and are undone in reverse. */
function useEdits(path: string) {
  const last = useRef<Promise<void>>(Promise.resolve());
  const undos = useRef<(() => Promise<void>)[]>([]);
  const [canUndo, setCanUndo] = useState(false);
  useEffect(() => () => {
    undos.current = [];
    setCanUndo(false);
  }, [path]);
  const run = (edit: () => Promise<void>) => {
    last.current = last.current.then(edit).catch(sayProblem);
  };
  return {
    canUndo,
    run,
    remember: (undo: () => Promise<void>) => {
      undos.current.push(undo);
      setCanUndo(true);
    },
    undo: () => run(async () => {
      const undo = undos.current.pop();
      setCanUndo(undos.current.length > 0);
      await undo?.();
    }),
  };
}

/** A link to an annotation shows it, once it is there. */
function useLinked(list: AnnotationList | undefined, id: string, show: (bounds: Bounds) => void, open: () => void): void {
  const isDone = useRef(id === '');
  useEffect(() => {
    if (!list || isDone.current) return;
    const linked = list.items.find((item) => item.id === id);
    if (!linked && !list.isWhole) return;
    isDone.current = true;
    if (!linked) return say('The annotation of this link is not in this image any more.');
    open();
    show(boundsOf(linked.points));
  }, [list]);
}
