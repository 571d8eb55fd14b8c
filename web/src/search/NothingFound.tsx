import type { SearchField } from '../api/types';
import { Empty } from '../projects/Empty';
import { termsOf } from './queryText';
import { TermChips } from './TermChips';

/** What was looked for, and what to leave out of it. */
export function NothingFound({ query, fields, refine }: { query: string; fields: readonly SearchField[]; refine: (query: string) => void }) {
  const terms = termsOf(query);
  if (!terms.length) return <Empty title="No files yet">All files that you may see would be here. Drop some onto a project to begin.</Empty>;
  return (
    <Empty title={terms.length > 1 ? 'No file has all of this' : `No file has ${query.trim()}`} action={terms.length > 1 ? <TermChips query={query} fields={fields} refine={refine} all /> : null}>
      Looked for <strong>{query}</strong> in names, tags, places and metadata of all files that you may see. {terms.length > 1 ? 'Leave one of these out:' : 'Check how it is written, or ask for its beginning: precip* finds precipitates.'}
    </Empty>
  );
}
