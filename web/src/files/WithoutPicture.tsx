import { lazy, Suspense } from 'react';
import type { FileSetDetail } from '../api/types';
import { Waiting } from '../shared/Waiting';
import { NoPicture } from './NoPicture';

const FileContent = lazy(() => import('./content/FileContent'));

/** A file set without a picture: the content of its first file as it is, where one may have it and no picture is still to come. */
export function WithoutPicture({ set }: { set: FileSetDetail }) {
  const file = set.files[0];
  const isOpen = set.reading === 'waiting' || set.reading === 'reading';
  if (!file || isOpen || set.images.length || !set.capabilities.includes('download')) return <NoPicture set={set} />;
  return <Suspense fallback={<Waiting for="the content" />}><FileContent set={set} file={file} /></Suspense>;
}
