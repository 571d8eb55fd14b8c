import classes from './Toolbar.module.css';
import { TOOLS } from './tools';
import type { Marks } from './useMarks';

/** The tools, over the image. */
export function Toolbar({ marks }: { marks: Marks }) {
  return (
    <div className={classes.bar} role="toolbar" aria-label="Annotation tools">
      {marks.canEdit && TOOLS.map(({ tool, name, key, icon }) => (
        <button key={tool} type="button" aria-pressed={marks.tool === tool} aria-label={name} title={`${name}   ${key}`} onClick={() => marks.use(tool)}>
          <Drawing path={icon} />
        </button>
      ))}
      {marks.canEdit && <button type="button" aria-label="Undo" title="Undo   Ctrl Z" disabled={!marks.canUndo} onClick={marks.undo}><Drawing path="M7 4L3.500 7.500 7 11M4 7.500h7.500a4.500 4.500 0 0 1 0 9H8" /></button>}
      <button type="button" aria-pressed={!marks.isShown} aria-label="Hide annotations" title="Hide annotations   o" onClick={() => marks.show(!marks.isShown)}>
        <Drawing path={`M2.500 10c3.500-6.500 11.500-6.500 15 0-3.500 6.500-11.500 6.500-15 0M10 7.500a2.500 2.500 0 1 0 .01 0${marks.isShown ? '' : 'M4 17L16 3'}`} />
      </button>
    </div>
  );
}

function Drawing({ path }: { path: string }) {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
