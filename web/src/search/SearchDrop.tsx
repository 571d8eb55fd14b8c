import type { ReactNode } from 'react';
import { address, Problem } from '../api/client';
import { useMe } from '../api/queries';
import type { SearchHit, SearchSuggestion } from '../api/types';
import { baseName } from '../files/names';
import { extensionOf } from '../shared/format';
import { Icon, type IconName } from '../shared/Icon';
import { CountOf, countText } from './CountOf';
import { EXAMPLES } from './examples';
import { mainMatch, Matched } from './Matched';
import { QueryProblem } from './QueryProblem';
import { completed } from './queryText';
import { recentSearches } from './recentSearches';
import classes from './SearchDrop.module.css';
import { useFirstHits, useSavedSearches, useSuggestions } from './searchQueries';
import { useLastKnown } from './useLastKnown';
import { useRested } from './useRested';

const REST_MS = 80;
const HITS = 5;
const RECENT = 6;
const SAVED = 8;

interface Props {
  listId: string;
  text: string;
  caret: number;
  /** Id of the option that the keyboard is at. */
  active: string | null;
  setActive: (id: string | null) => void;
  complete: (text: string, caret: number) => void;
  searchFor: (query: string, view?: string) => void;
  go: (to: string) => void;
}

/** What is proposed beneath the search box. The box keeps the focus and says which option is meant. */
export default function SearchDrop(props: Props) {
  return (
    <div className={classes.drop} onMouseDown={(event) => event.preventDefault()}>
      {props.text.trim() ? <Proposals {...props} /> : <Offers {...props} />}
    </div>
  );
}

/** While one types: completions, and the first that would be found. */
function Proposals({ text, caret, complete, searchFor, go, ...list }: Props) {
  const rested = useRested(text, caret, REST_MS);
  const suggestions = useSuggestions(rested.text, rested.caret);
  const first = useFirstHits(rested.text, HITS);
  const known = useLastKnown(suggestions.data);
  const found = useLastKnown(first.data);
  const take = (suggestion: SearchSuggestion) => {
    // Its place is that in the text which it was made for.
    if (known?.text !== text) return;
    const next = completed(text, suggestion);
    complete(next.text, next.caret);
  };
  const isUnderstood = !first.isError;
  const problem = first.error instanceof Problem && first.error.position !== null && !known?.list.length && rested.text === text ? first.error : null;
  return (
    <>
      {problem && <QueryProblem query={text} problem={problem} />}
      <ul role="listbox" id={list.listId} aria-label="Completions and files" className={classes.list}>
        {known && known.list.length > 0 && (
          <Group label="Complete">
            {known.list.map((suggestion) => (
              <Option key={suggestion.kind + suggestion.insert} name={`${suggestion.kind}-${suggestion.insert}`} {...list} completes onTake={() => take(suggestion)} icon={iconOf(suggestion)} count={suggestion.count === null ? null : suggestion.count.toLocaleString('en-US')}>
                <span>{suggestion.kind === 'field' ? `${suggestion.insert.slice(0, -1)}:` : suggestion.label}</span>
                {suggestion.detail && <span className={classes.detail}>{suggestion.detail}</span>}
              </Option>
            ))}
          </Group>
        )}
        {isUnderstood && found && found.items.length > 0 && (
          <Group label="Files">
            {found.items.map((hit) => <FileOption key={hit.file.id} hit={hit} list={list} onTake={() => go(`/file-sets/${hit.file.id}`)} />)}
          </Group>
        )}
        <Option name="all" {...list} onTake={() => searchFor(text)} icon="search">
          <span>{isUnderstood && found && !first.isPlaceholderData ? `All results: ${countText(found)}` : `Search for ${text.trim()}`}</span>
          <span className={`${classes.detail} ${classes.wide}`}>Enter</span>
        </Option>
      </ul>
    </>
  );
}

/** Before one types: what was searched for last, what is kept, and what can be written. */
function Offers({ searchFor, complete, ...list }: Props) {
  const account = useMe().data?.id;
  const saved = useSavedSearches(Boolean(account)).data ?? [];
  const recent = recentSearches(account).slice(0, RECENT);
  return (
    <ul role="listbox" id={list.listId} aria-label="Searches" className={classes.list}>
      {recent.length > 0 && (
        <Group label="Searched for last">
          {recent.map((query) => <Option key={query} name={`recent-${query}`} {...list} icon="clock" onTake={() => searchFor(query)}><span>{query}</span></Option>)}
        </Group>
      )}
      {saved.length > 0 && (
        <Group label="Saved searches">
          {saved.slice(0, SAVED).map((search) => (
            <Option key={search.id} name={search.id} {...list} icon="bookmark" onTake={() => searchFor(search.query, search.view)} count={<CountOf query={search.query} />}>
              <span>{search.name}</span><span className={classes.detail}>{search.query}</span>
            </Option>
          ))}
        </Group>
      )}
      <Group label="What you can write">
        {EXAMPLES.map(({ query, meaning }) => (
          <Option key={query} name={`example-${query}`} {...list} completes onTake={() => complete(query, query.length)}>
            <code className={classes.example}>{query}</code><span className={classes.detail}>{meaning}</span>
          </Option>
        ))}
      </Group>
    </ul>
  );
}

function Group({ label, children }: { label: string; children: ReactNode }) {
  return (
    <li role="presentation" className={classes.group}>
      <span className={classes.label} aria-hidden="true">{label}</span>
      <ul role="group" aria-label={label}>{children}</ul>
    </li>
  );
}

type List = Pick<Props, 'listId' | 'active' | 'setActive'>;

interface OptionProps extends List {
  name: string;
  /** Tab takes it too, because one goes on typing behind it. */
  completes?: boolean;
  onTake: () => void;
  icon?: IconName;
  count?: ReactNode;
  children: ReactNode;
}

function Option({ listId, active, setActive, name, completes, onTake, icon, count, children }: OptionProps) {
  const id = `${listId}-${name}`;
  return (
    <li role="option" id={id} aria-selected={id === active} data-completes={completes ? '' : undefined} className={classes.option} onMouseMove={() => id !== active && setActive(id)} onClick={onTake}>
      {icon && <span className={classes.icon}><Icon name={icon} size={16} /></span>}
      <span className={classes.text}>{children}</span>
      {count != null && <span className={classes.count}>{count}</span>}
    </li>
  );
}

function FileOption({ hit: { file, path, matches }, list: { listId, active, setActive }, onTake }: { hit: SearchHit; list: List; onTake: () => void }) {
  const id = `${listId}-${file.id}`;
  const match = mainMatch(matches);
  const name = matches.find(({ field, text }) => field === 'name' && text === file.name);
  return (
    <li role="option" id={id} aria-selected={id === active} className={classes.option} onMouseMove={() => id !== active && setActive(id)} onClick={onTake}>
      <span className={classes.thumbnail}>{file.thumbnail ? <img src={address(file.thumbnail)} alt="" width={36} height={36} /> : extensionOf(file.name)}</span>
      <span className={classes.file}>
        <span>{name ? <Matched match={name} /> : baseName(file.name)}</span>
        <span className={classes.why}>{match && match !== name ? <Matched match={match} label={match.label} /> : path.map(({ name: place }) => place).join(' › ')}</span>
      </span>
    </li>
  );
}

function iconOf({ kind, detail }: SearchSuggestion): IconName {
  const place = detail?.toLowerCase();
  if (kind === 'place' && (place === 'project' || place === 'collection' || place === 'dataset' || place === 'space')) return place;
  return 'filter';
}
