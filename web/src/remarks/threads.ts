import type { Remark } from '../api/types';

export interface Thread {
  first: Remark;
  answers: Remark[];
}

/** Comments with the answers to them, each oldest first, as the hub lists them. */
export function threadsOf(comments: Remark[]): Thread[] {
  const threads = new Map<string, Thread>();
  for (const comment of comments) if (comment.replyTo === null) threads.set(comment.id, { first: comment, answers: [] });
  // An answer written in the same moment may be listed before what it answers.
  for (const comment of comments) if (comment.replyTo !== null) threads.get(comment.replyTo)?.answers.push(comment);
  return [...threads.values()];
}

/** How many comments stand: what was deleted is not counted, though its place may be kept. */
export const standing = (comments: Remark[]) => comments.filter(({ body }) => body !== null).length;
