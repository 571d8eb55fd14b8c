import { ActionIcon, Menu } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useMe } from '../api/queries';
import type { SavedSearch } from '../api/types';
import { NameDialog } from '../projects/NameDialog';
import { Icon } from '../shared/Icon';
import { sayProblem } from '../shared/toasts';
import { addressOfSaved } from './address';
import { CountOf } from './CountOf';
import { deleteSearch, renameSearch } from './savedSearches';
import classes from './SavedList.module.css';
import { useSavedSearches } from './searchQueries';

/** Searches that are kept, with how many each finds now. */
export function SavedList() {
  const searches = useSavedSearches(Boolean(useMe().data)).data;
  const [renaming, setRenaming] = useState<SavedSearch | null>(null);
  if (!searches?.length) return null;
  return (
    <section className={classes.saved} aria-labelledby="saved-searches">
      <h2 id="saved-searches">Saved searches</h2>
      <ul>
        {searches.map((search) => (
          <li key={search.id}>
            <Link to={addressOfSaved(search)}>
              <Icon name="bookmark" size={16} />
              <span className={classes.name}>{search.name}<span className={classes.about}> {sharing(search)}</span></span>
              <span className={classes.about}><CountOf query={search.query} /></span>
            </Link>
            {search.isMine ? (
              <Menu>
                <Menu.Target><ActionIcon size={34} aria-label={`More for the search ${search.name}`}><Icon name="more" /></ActionIcon></Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setRenaming(search)}>Rename…</Menu.Item>
                  <Menu.Item leftSection={<Icon name="trash" size={16} />} onClick={() => void deleteSearch(search).catch(sayProblem)}>Forget it</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ) : <span className={classes.noMenu} />}
          </li>
        ))}
      </ul>
      {renaming && <NameDialog title="Rename the search" action="Rename" initial={renaming.name} onSubmit={(name) => renameSearch(renaming, name)} onClose={() => setRenaming(null)} />}
    </section>
  );
}

const sharing = ({ isMine, owner, projectName }: SavedSearch) => [!isMine && `by ${owner.name}`, projectName && `for ${projectName}`].filter(Boolean).join(', ');
