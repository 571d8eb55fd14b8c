import { Button, Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useMemo } from 'react';
import { Link } from 'react-router-dom';
import { Problem } from '../api/client';
import { foundBy } from '../api/listAddress';
import { useMe } from '../api/queries';
import { useList } from '../api/useList';
import type { FoundPlace, SearchField } from '../api/types';
import { count } from '../shared/format';
import { Icon } from '../shared/Icon';
import { useTitle } from '../shared/useTitle';
import { ProblemView } from '../shared/ProblemView';
import { Waiting } from '../shared/Waiting';
import { countText } from './CountOf';
import { Facets } from './facets/Facets';
import { QueryProblem } from './QueryProblem';
import { Results } from './Results';
import { ResultsBar } from './ResultsBar';
import classes from './SearchPage.module.css';
import { useFacets, useSearchFields } from './searchQueries';
import { TermChips } from './TermChips';
import { useLastKnown } from './useLastKnown';
import { useSearchAddress } from './useSearchAddress';

const NO_FIELDS: readonly SearchField[] = [];

const SaveDialog = lazy(() => import('./SaveDialog'));

/** What a query finds. The address holds all of it; what was found before stays until there is an answer. */
export default function SearchPage() {
  const address = useSearchAddress();
  const { query, sort, refine } = address;
  const me = useMe().data;
  const narrow = useMediaQuery('(max-width: 1099px)', undefined, { getInitialValueInEffect: false });
  const [drawer, { open, close }] = useDisclosure();
  const [saving, { open: save, close: saved }] = useDisclosure();
  const fields = useSearchFields().data ?? NO_FIELDS;
  const search = useList(foundBy(query, sort));
  const facets = useFacets(query);
  const counted = useLastKnown(facets.data);
  useTitle(query ? `${query} · Search` : 'Search');

  const problem = search.error instanceof Problem && search.error.status === 400 ? search.error : null;
  const first = search.list?.found;
  const isExact = facets.data !== undefined && !facets.isPlaceholderData;
  const total = isExact ? facets.data.total : (first?.total ?? null);
  // A page knows its search's number about, where counting would take longer; the facets know it exactly.
  const exact = isExact && !search.isOld ? facets.data.total : undefined;
  const list = useMemo(() => (search.list && exact !== undefined ? { ...search.list, total: exact } : search.list), [search.list, exact]);
  if (search.error && !problem) return <ProblemView error={search.error} what="search" retry={search.retry} />;
  const isOld = search.isOld || search.error !== null;
  const spread = (
    <>
      {facets.isError && !search.error && <p className={classes.notice}>How they are spread could not be counted. <Button size="compact-sm" variant="default" onClick={() => void facets.refetch()}>Try again</Button></p>}
      {counted && <Facets facets={counted.facets} fields={fields} query={query} refine={refine} />}
    </>
  );
  return (
    <div className={classes.page}>
      {!narrow && <aside className={classes.facets} aria-label="Narrow down">{spread}</aside>}
      <Drawer opened={Boolean(narrow) && drawer} onClose={close} title="Narrow down" size={330}>{spread}</Drawer>
      <div className={classes.results}>
        <h1 className={classes.hidden}>{query ? `Search for ${query}` : 'Everything you see'}</h1>
        {problem && <QueryProblem query={query} problem={problem} />}
        <TermChips query={query} fields={fields} refine={refine} />
        <ResultsBar address={address} fields={fields} onSave={me && query ? save : null} onFilter={narrow ? open : null}
          count={first && (total !== null ? count(total, 'file') : `${countText(first)} files`)} />
        {first && first.places.length > 0 && <PlaceChips places={first.places} />}
        {first?.notice && <p className={classes.notice}>{first.notice}</p>}
        {!list && !search.error && <Waiting for="what is found" />}
        {search.isBroken && <p className={classes.notice} role="alert">A part of what was found could not be fetched. <Button size="compact-sm" variant="default" onClick={search.retry}>Try again</Button></p>}
        {list && <div className={classes.list} data-old={(search.isOld && !search.error) || undefined}><Results list={list} address={address} fields={fields} isOld={isOld} /></div>}
      </div>
      {saving && <Suspense><SaveDialog query={query} onClose={saved} /></Suspense>}
    </div>
  );
}

function PlaceChips({ places }: { places: readonly FoundPlace[] }) {
  return (
    <nav className={classes.places} aria-label="Places of that name">
      {places.map(({ id, kind, name, path }) => (
        <Link key={id} to={`/nodes/${id}`} title={[...path.map((place) => place.name), name].join(' › ')}><Icon name={kind} size={16} /><span>{name}</span></Link>
      ))}
    </nav>
  );
}
