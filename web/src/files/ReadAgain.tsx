import { Button } from '@mantine/core';
import { call } from '../api/client';
import { keys, queryClient } from '../api/queries';
import type { FileSetDetail } from '../api/types';
import { Icon } from '../shared/Icon';
import { say, sayProblem } from '../shared/toasts';

/** Has a file set read once more. */
export async function readAgain({ id }: Pick<FileSetDetail, 'id'>): Promise<void> {
  try {
    await call(`/file-sets/${id}/extract`, { method: 'POST' });
    await queryClient.invalidateQueries({ queryKey: keys.fileSet(id) });
    say('It will be read again as soon as a worker is free.');
  } catch (error) {
    sayProblem(error);
  }
}

/** The way on where reading failed, for whoever may start it. */
export function ReadAgain({ set }: { set: FileSetDetail }) {
  if (!set.capabilities.includes('run')) return null;
  return <Button size="compact-sm" variant="default" leftSection={<Icon name="retry" size={14} />} onClick={() => void readAgain(set)}>Read again</Button>;
}
