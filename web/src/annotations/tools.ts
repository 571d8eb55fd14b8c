import type { AnnotationKind } from '../api/types';

export type Tool = 'select' | AnnotationKind;

/** Every tool with its key, its icon on a 20 × 20 grid, and how it is used. */
export const TOOLS: { tool: Tool; name: string; key: string; icon: string; use: string }[] = [
  { tool: 'select', name: 'Select', key: 's', icon: 'M5 3l10 7-4.5 1L13 16l-2 1-2.500-5L5 15z', use: 'Click a feature to select it; drag the image to move it. A selected feature is changed by its handles, moved by its outline or the arrow keys, and removed with Delete.' },
  { tool: 'point', name: 'Point', key: 'p', icon: 'M10 3v4.500M10 12.500V17M3 10h4.500M12.500 10H17', use: 'Click where the point is.' },
  { tool: 'line', name: 'Line', key: 'l', icon: 'M4 16L16 4M2.500 14.500l3 3M14.500 2.500l3 3', use: 'Drag from end to end.' },
  { tool: 'polyline', name: 'Polyline', key: 'y', icon: 'M3 15l4.500-8 5 6L17 5', use: 'Click from vertex to vertex; Enter or a second click on the last one ends it, Backspace takes one back.' },
  { tool: 'box', name: 'Box', key: 'b', icon: 'M3.500 5h13v10h-13z', use: 'Drag from corner to corner.' },
  { tool: 'ellipse', name: 'Ellipse', key: 'e', icon: 'M3 10a7 5 0 1 0 14 0 7 5 0 1 0-14 0', use: 'Drag from corner to corner of the box around it.' },
  { tool: 'polygon', name: 'Polygon', key: 'g', icon: 'M10 3l7 5.500-2.500 8h-9L3 8.500z', use: 'Click from vertex to vertex; Enter or a click on the first one closes it, Backspace takes one back.' },
];

export const nameOf = (kind: AnnotationKind) => TOOLS.find(({ tool }) => tool === kind)!.name;
