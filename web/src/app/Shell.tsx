import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect } from 'react';
import { Link, Navigate, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router-dom';
import { guestSecret } from '../api/guest';
import { useMe } from '../api/queries';
import { DropZone } from '../deposit/DropZone';
import { usePalette } from '../palette/usePalette';
import { SearchBox } from '../search/SearchBox';
import { Icon } from '../shared/Icon';
import { useKeys } from '../shared/keys';
import { ProblemView } from '../shared/ProblemView';
import { Waiting } from '../shared/Waiting';
import { AccountMenu } from './AccountMenu';
import { SchemeToggle } from './SchemeToggle';
import classes from './Shell.module.css';
import { Tree } from './Tree';

const KeysHelp = lazy(() => import('./KeysHelp'));
const Palette = lazy(() => import('../palette/Palette'));

export function Shell() {
  const me = useMe();
  const location = useLocation();
  if (me.isPending) return <main className={classes.alone}><Waiting for="the hub" /></main>;
  if (me.isError) return <main className={classes.alone}><ProblemView error={me.error} retry={() => void me.refetch()} /></main>;
  if (!me.data && !guestSecret()) return <Navigate to={`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`} replace />;
  return <Frame />;
}

function Frame() {
  const me = useMe().data;
  const location = useLocation();
  const narrow = useMediaQuery('(max-width: 799px)', undefined, { getInitialValueInEffect: false });
  const navigation = useNavigation();
  const [drawer, { open, close }] = useDisclosure();
  const [keysShown, keysHelp] = useDisclosure();
  const [paletteShown, palette] = usePalette();
  const [sidebar, setSidebar] = useLocalStorage({ key: 'stemma.sidebar', defaultValue: true, getInitialValueInEffect: false });
  useEffect(close, [location.pathname, close]);
  useEffect(() => {
    // Fetched early, so that they are there when the hub is not.
    const timer = setTimeout(() => {
      void import('./KeysHelp');
      void import('../palette/Palette');
    }, 2500);
    return () => clearTimeout(timer);
  }, []);
  useKeys({ '?': keysHelp.open, '/': focusSearch });
  const tree = me ? <Tree /> : <p className={classes.guest}>You are here by a guest link. Sign in to see your own projects.</p>;
  return (
    <>
      <a href="#content" className="skip">Skip to content</a>
      <header className={classes.header}>
        <ActionIcon size="lg" aria-label={narrow ? 'Open the project tree' : sidebar ? 'Hide the project tree' : 'Show the project tree'} aria-expanded={narrow ? drawer : sidebar} onClick={() => (narrow ? open() : setSidebar(!sidebar))}>
          <Icon name={narrow ? 'menu' : 'sidebar'} />
        </ActionIcon>
        <Link to="/" className={classes.mark} aria-label="Stemma">
          <img src="/favicon.svg" alt="" width={22} height={22} />
          <span className={classes.name}>Stemma</span>
        </Link>
        <SearchBox />
        <span className={classes.space}>{navigation.state === 'loading' && <Waiting for="the next view" />}</span>
        <ActionIcon size="lg" aria-label="Command palette" title="Command palette (Ctrl K)" onClick={palette.open}><Icon name="command" /></ActionIcon>
        <SchemeToggle />
        <AccountMenu showKeys={keysHelp.open} />
      </header>
      <div className={classes.body} data-sidebar={(!narrow && sidebar) || undefined}>
        {!narrow && sidebar && <aside className={classes.sidebar}>{tree}</aside>}
        <Drawer opened={Boolean(narrow) && drawer} onClose={close} title="Projects" size={300}>{tree}</Drawer>
        <main id="content" className={classes.main} tabIndex={-1}>
          <Suspense fallback={<Waiting for="this view" />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <DropZone />
      {keysShown && <Suspense><KeysHelp onClose={keysHelp.close} /></Suspense>}
      {paletteShown && <Suspense><Palette onClose={palette.close} showKeys={keysHelp.open} /></Suspense>}
      <ScrollRestoration />
    </>
  );
}

/** `/` goes to the search, from everywhere. */
function focusSearch(event: KeyboardEvent): void {
  const box = document.querySelector<HTMLInputElement>('input[data-search]');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}
