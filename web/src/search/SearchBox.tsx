import { type ChangeEvent, type KeyboardEvent, lazy, Suspense, useId, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { useMe } from '../api/queries';
import { Icon } from '../shared/Icon';
import { addressOfSearch, viewOf } from './address';
import { rememberSearch } from './recentSearches';
import classes from './SearchBox.module.css';

const load = () => import('./SearchDrop');
const SearchDrop = lazy(load);

/** The search of the whole hub, on every page. What is proposed while one types is fetched when it is first focused. */
export function SearchBox() {
  const account = useMe().data?.id;
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const isAtSearch = pathname === '/search';
  const asked = isAtSearch ? (new URLSearchParams(search).get('q') ?? '') : '';
  const [known, setKnown] = useState(asked);
  const [text, setText] = useState(asked);
  const [caret, setCaret] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  // The address changed: a facet was clicked, or one went back.
  if (known !== asked) {
    setKnown(asked);
    setText(asked);
  }

  const leave = () => {
    setOpen(false);
    setActive(null);
    input.current?.blur();
  };
  const searchFor = (query: string, view = isAtSearch ? viewOf(search) : '') => {
    rememberSearch(account, query);
    setText(query);
    leave();
    void navigate(addressOfSearch(query.trim(), view));
  };
  const type = (next: string, at: number) => {
    setText(next);
    setCaret(at);
    setActive(null);
    setOpen(true);
  };
  const complete = (next: string, at: number) => {
    type(next, at);
    // After the new text stands in the box.
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const step = (by: 1 | -1) => {
    const options = [...document.querySelectorAll(`[id="${listId}"] [role="option"]`)];
    const at = options.findIndex(({ id }) => id === active);
    // Above the first, and below the last, is the box itself.
    const next = options[at < 0 ? (by > 0 ? 0 : options.length - 1) : at + by];
    setActive(next?.id ?? null);
    next?.scrollIntoView({ block: 'nearest' });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const option = active ? document.getElementById(active) : null;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setOpen(true);
      step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      if (option) option.click();
      else searchFor(text);
    } else if (event.key === 'Tab' && option?.dataset.completes !== undefined) option.click();
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
  };

  return (
    <search className={classes.box}>
      <span className={classes.icon}><Icon name="search" size={16} /></span>
      <input ref={input} data-search className={classes.input} type="text" role="combobox" aria-label="Search" aria-autocomplete="list" aria-expanded={isOpen} aria-controls={isOpen ? listId : undefined} aria-activedescendant={active ?? undefined}
        placeholder="Search everything" value={text} spellCheck={false} autoComplete="off" autoCapitalize="off" enterKeyHint="search" maxLength={2000}
        onChange={({ currentTarget }: ChangeEvent<HTMLInputElement>) => type(currentTarget.value, currentTarget.selectionStart ?? currentTarget.value.length)}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? 0)}
        onFocus={() => { void load(); setOpen(true); }} onClick={() => setOpen(true)} onBlur={() => { setOpen(false); setActive(null); }} onKeyDown={keys} />
      <kbd className={classes.key} aria-hidden="true">/</kbd>
      {isOpen && (
        <Suspense>
          <SearchDrop listId={listId} text={text} caret={caret} active={active} setActive={setActive} complete={complete} searchFor={searchFor} go={(to) => { leave(); void navigate(to); }} />
        </Suspense>
      )}
    </search>
  );
}
