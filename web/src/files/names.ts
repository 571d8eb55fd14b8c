/** A file set is named by the path of its primary file in the dataset: the file's own name is the last part, the folder stands before it. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
