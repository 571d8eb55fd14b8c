import { useQueries } from '@tanstack/react-query';
import { childrenOf, homesOf, queryClient } from '../api/queries';
import type { Node } from '../api/types';

/** Projects whose collections and datasets are asked for; what the tree shows is known anyway. */
const ASKED = 30;

/** Projects, spaces and what lies in them, as far as this page knows of it. */
export function useKnownNodes(): readonly Node[] {
  const [projects = [], shared = [], spaces = []] = useQueries({
    // What was made elsewhere, the event stream of one place does not tell: it is asked for anew each time, and what is known is shown meanwhile.
    queries: (['projects', 'shared', 'spaces'] as const).map((kind) => ({ ...homesOf(kind), refetchOnMount: 'always' as const })),
  }).map(({ data }) => data);
  useQueries({ queries: projects.slice(0, ASKED).map(({ id }) => ({ ...childrenOf(id), staleTime: 60_000 })) });
  const below = queryClient.getQueriesData<Node[]>({ queryKey: ['children'] }).flatMap(([, nodes]) => nodes ?? []);
  return [...new Map([...projects, ...shared, ...spaces, ...below].map((node) => [node.id, node])).values()];
}
