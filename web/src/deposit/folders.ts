/** A file with its path below what was dropped or picked, folders joined with "/". */
export interface PlacedFile {
  path: string;
  file: File;
}

/** What operating systems leave in folders; nobody means to deposit it. */
const LITTER = new Set(['.ds_store', 'thumbs.db', 'desktop.ini']);

export function isLitter(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return LITTER.has(name) || name.startsWith('._') || path.split('/').includes('__MACOSX');
}

/** Files of an input element. With `webkitdirectory` each knows its path below the picked folder, with the folder's name first. */
export function plannedFromInput(files: Iterable<File>): PlacedFile[] {
  return sorted([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/**
 * Files of dropped entries, folders walked to the end.
 * A folder that can't be read is named in `refused` and the others go on.
 */
export async function plannedFromEntries(entries: FileSystemEntry[]): Promise<{ files: PlacedFile[]; refused: string[] }> {
  const files: PlacedFile[] = [];
  const refused: string[] = [];
  const waiting = entries.map((entry) => ({ entry, path: entry.name }));
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { entry, path } = next;
    try {
      if (entry.isFile) files.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
      else for (const member of await membersOf(entry as FileSystemDirectoryEntry)) waiting.push({ entry: member, path: `${path}/${member.name}` });
    } catch {
      refused.push(path);
    }
  }
  return { files: sorted(files), refused };
}

const sorted = (files: PlacedFile[]) =>
  files.filter(({ path }) => !isLitter(path)).sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** A reader hands out a folder in parts (100 at a time in Chromium) and says the end with an empty one. */
async function membersOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const members: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) return members;
    members.push(...part);
  }
}

/** The folder that everything lies in, if there is one; it names a new project. */
export function commonFolder(files: PlacedFile[]): string | null {
  const first = files[0]?.path.split('/')[0] ?? '';
  return files.length && files.every(({ path }) => path.startsWith(`${first}/`)) ? first : null;
}

export const isZip = (path: string) => /\.zip$/i.test(path);
