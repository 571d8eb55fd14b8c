import type { ComponentType } from 'react';
import { createBrowserRouter } from 'react-router-dom';
import HomePage from '../projects/HomePage';
import NodePage from '../projects/NodePage';
import { NotFound } from './NotFound';
import { RouteProblem } from './RouteProblem';
import { Shell } from './Shell';

/** A view that is fetched when it is first opened. */
const view = (load: () => Promise<{ default: ComponentType }>) => ({ lazy: async () => ({ Component: (await load()).default }), errorElement: <RouteProblem /> });

/** A view that one begins with: its code comes with the first file, since asking for it would cost a second way to the hub. */
const first = (Component: ComponentType) => ({ Component, errorElement: <RouteProblem /> });

export const router = createBrowserRouter([
  { path: '/sign-in', ...view(() => import('./SignIn')) },
  {
    path: '/',
    element: <Shell />,
    hydrateFallbackElement: <></>,
    errorElement: <RouteProblem />,
    children: [
      { index: true, ...first(HomePage) },
      { path: 'nodes/:id', ...first(NodePage) },
      { path: 'file-sets/:id', ...view(() => import('../files/FileSetPage')) },
      { path: 'search', ...view(() => import('../search/SearchPage')) },
      { path: 'compare', ...view(() => import('../compare/ComparePage')) },
      { path: 'trash', ...view(() => import('../projects/TrashPage')) },
      { path: 'settings', ...view(() => import('../settings/SettingsPage')) },
      { path: 'admin/accounts', ...view(() => import('../settings/AccountsPage')) },
      { path: 'admin/harvest', ...view(() => import('../settings/HarvestPage')) },
      { path: 'admin/readers', ...view(() => import('../rereading/ReadersPage')) },
      { path: 'admin/readers/:id', ...view(() => import('../rereading/RereadingPage')) },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
