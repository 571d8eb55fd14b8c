/** A file set is named by the path of its primary file in the dataset: the file's own name is the last part, the folder stands before it. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** From where to where the name stands in the path, without its folder and its ending. */
export function stemRange(path: string): [number, number] {
  const start = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  return [start, dot > start ? dot : path.length];
}
