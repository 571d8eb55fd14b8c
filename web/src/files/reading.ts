import type { FileSet } from '../api/types';
import { kindOfName } from './content/kind';

export interface ReadingState {
  words: string;
  /** The reason, where there is one. */
  why: string | null;
  tone: 'quiet' | 'problem';
  /** 0 to 1 while reading, where the reader says. */
  progress: number | null;
}

/** How far the hub is with a file set; null when it is read and there is nothing to say. */
export function reading({ name, reading: state, readingNote, task }: Pick<FileSet, 'name' | 'reading' | 'readingNote' | 'task'>): ReadingState | null {
  switch (state) {
    case 'waiting':
      return { words: 'waiting', why: readingNote ?? 'Stored. It will be read as soon as a worker is free.', tone: 'quiet', progress: null };
    case 'reading':
      return { words: task?.progress != null ? `reading ${Math.round(100 * task.progress)} %` : 'reading', why: task?.note ?? readingNote, tone: 'quiet', progress: task?.progress ?? null };
    case 'no_reader':
      // Texts and PDFs need no reader: they are shown as they are.
      if (kindOfName(name)) return null;
      return { words: 'no reader yet', why: readingNote ?? 'Stored as it is. Stemma does not know this format yet.', tone: 'quiet', progress: null };
    case 'failed':
      return { words: 'reading failed', why: readingNote ?? 'The reader gave no reason.', tone: 'problem', progress: null };
    default:
      return null;
  }
}
