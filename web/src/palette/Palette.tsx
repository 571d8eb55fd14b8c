import { Modal, useMantineColorScheme } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useMe } from '../api/queries';
import { useRecent } from '../recent/recent';
import { Icon } from '../shared/Icon';
import { type Entry, placesOf, type Ranked, ranked } from './entries';
import { useOfferedActions } from './pageActions';
import classes from './Palette.module.css';
import { useKnownNodes } from './useKnownNodes';

/** Everything by its name: places, what the open view can do, settings. Arrows move, Enter takes, Esc closes. */
export default function Palette({ onClose, showKeys }: { onClose: () => void; showKeys: () => void }) {
  const [query, setQuery] = useState('');
  const [current, setCurrent] = useState(0);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const entries = useEntries(query.trim(), showKeys);
  const at = Math.min(current, entries.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const take = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // After the palette gave the focus back, so that a dialog that opens now keeps it.
    setTimeout(entry.run);
  };
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  const keys = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step !== undefined) setCurrent(Math.abs(step) === 1 ? (at + step + entries.length) % entries.length : Math.min(entries.length - 1, Math.max(0, at + step)));
    else if (event.key === 'Enter') take(entries[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root opened onClose={onClose} padding={0} size={600} centered={false} yOffset="10vh">
      <Modal.Overlay />
      <Modal.Content aria-label="Command palette">
        <input className={classes.input} role="combobox" aria-label="Go to, or do" aria-expanded="true" aria-controls={listId} aria-activedescendant={entries[at] && `${listId}-${at}`} aria-autocomplete="list"
          data-autofocus placeholder="Go to a place, or do something" value={query} spellCheck={false} autoComplete="off" onKeyDown={keys}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setCurrent(0);
          }} />
        <ul ref={list} className={classes.list} role="listbox" id={listId} aria-label="What there is">
          {entries.map((entry, i) => (
            <li key={entry.id} id={`${listId}-${i}`} role="option" aria-selected={i === at} className={classes.entry} onMouseMove={() => i !== at && setCurrent(i)} onClick={() => take(entry)}>
              <span className={classes.icon}>{entry.icon && <Icon name={entry.icon} size={16} />}</span>
              <span className={classes.label}><Marked text={entry.label} at={entry.at} />{entry.detail && <span className={classes.detail}> {entry.detail}</span>}</span>
              {entry.key && <kbd className={classes.key}>{entry.key}</kbd>}
            </li>
          ))}
        </ul>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The letters that were asked for stand out. */
function Marked({ text, at }: { text: string; at: readonly number[] }) {
  if (!at.length) return <>{text}</>;
  const found = new Set(at);
  return <>{[...text].map((letter, i) => (found.has(i) ? <b key={i}>{letter}</b> : letter))}</>;
}

function useEntries(query: string, showKeys: () => void): Ranked[] {
  const navigate = useNavigate();
  const me = useMe().data;
  const { setColorScheme } = useMantineColorScheme();
  const offered = useOfferedActions();
  const recent = useRecent();
  const nodes = useKnownNodes();
  const go = (to: string) => void navigate(to);
  const fixed = (label: string, run: () => void, key?: string): Entry => ({ id: label, label, nearness: 0, key, run });
  const entries: Entry[] = [
    ...offered.map(({ label, run, key }): Entry => ({ id: `here ${label}`, label, detail: 'here', nearness: 2.5, key, run })),
    ...placesOf(recent, nodes, go),
    fixed('Projects', () => go('/')),
    fixed('Trash', () => go('/trash')),
    ...(me ? [fixed('Settings and tokens', () => go('/settings'))] : []),
    ...(me?.isAdministrator ? [fixed('Accounts', () => go('/admin/accounts')), fixed('Harvest sources', () => go('/admin/harvest'))] : []),
    fixed('Light colours', () => setColorScheme('light')),
    fixed('Dark colours', () => setColorScheme('dark')),
    fixed('Colours as the system has them', () => setColorScheme('auto')),
    fixed('Keyboard: show the keys', showKeys, '?'),
  ];
  const found = ranked(query, entries);
  return query ? [...found, { id: 'search', label: `Search for “${query}”`, nearness: 0, at: [], run: () => go(`/search?q=${encodeURIComponent(query)}`) }] : found;
}
