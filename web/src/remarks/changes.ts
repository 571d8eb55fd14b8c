import { call } from '../api/client';
import { type About, keys, queryClient } from '../api/queries';
import type { Remark } from '../api/types';
import { say, sayProblem } from '../shared/toasts';

export async function writeRemark(of: About, id: string, kind: 'notes' | 'comments', body: string, replyTo?: string): Promise<void> {
  await call(`/${of}/${id}/${kind}`, { method: 'POST', json: { body, ...(replyTo ? { replyTo } : {}) } });
  await remarksChanged(id);
}

export async function changeRemark(remark: Remark, body: string, version: number): Promise<void> {
  await call(`/remarks/${remark.id}`, { method: 'PATCH', json: { body }, version });
  void queryClient.invalidateQueries({ queryKey: keys.remarkVersions(remark.id) });
  await remarksChanged(remark.objectId);
}

/** Deletes, and offers to take that back. */
export async function deleteRemark(remark: Remark): Promise<void> {
  try {
    await call(`/remarks/${remark.id}`, { method: 'DELETE', version: remark.version });
    await remarksChanged(remark.objectId);
    say(`The ${remark.kind} is deleted.`, { label: 'Undo', run: () => void restoreRemark(remark) });
  } catch (error) {
    sayProblem(error);
  }
}

async function restoreRemark(remark: Remark): Promise<void> {
  try {
    await call(`/remarks/${remark.id}/restore`, { method: 'POST' });
    await remarksChanged(remark.objectId);
  } catch (error) {
    sayProblem(error);
  }
}

async function remarksChanged(about: string): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: keys.events(about) });
  await queryClient.invalidateQueries({ queryKey: keys.remarks(about) });
}
