import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { pageBase } from '../api/page-settings.js';
import { parseSearch, stringifySearch } from '../view/search-text.js';
import { SCROLLED_GRID } from '../grid/data-grid.js';
import { TrialsPage } from '../trials/trials-page.js';
import { importPart } from './import-part.js';
import { NotFoundPage } from './not-found-page.js';
import { RootLayout } from './root-layout.js';
import { RouteError } from './route-error.js';

const root = createRootRoute({
  component: RootLayout,
  // The chosen project stays from page to page; a link without it says so: `project: undefined`.
  search: { middlewares: [retainSearchParams<{ project?: string }>(['project'])] },
  notFoundComponent: NotFoundPage,
});

/** The id of a trial or an experiment in an address. */
function readId(noun: string, text: string): number {
  if (/^[1-9][0-9]{0,15}$/.test(text)) return Number(text);
  throw notFound({ data: `There is no ${noun} “${text}”` });
}

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/trials', search, replace: true });
  },
});

const trials = createRoute({ getParentRoute: () => root, path: '/trials', component: TrialsPage });

const trial = createRoute({
  getParentRoute: () => root,
  path: '/trials/$trialId',
  params: {
    parse: ({ trialId }) => ({ trialId: readId('trial', trialId) }),
    stringify: ({ trialId }) => ({ trialId: String(trialId) }),
  },
  component: lazyRouteComponent(
    importPart(() => import('../trial/trial-page.js')),
    'TrialPage',
  ),
});

const experiments = createRoute({
  getParentRoute: () => root,
  path: '/experiments',
  component: lazyRouteComponent(
    importPart(() => import('../experiments/experiments-page.js')),
    'ExperimentsPage',
  ),
});

const experiment = createRoute({
  getParentRoute: () => root,
  path: '/experiments/$experimentId',
  params: {
    parse: ({ experimentId }) => ({ experimentId: readId('experiment', experimentId) }),
    stringify: ({ experimentId }) => ({ experimentId: String(experimentId) }),
  },
  component: lazyRouteComponent(
    importPart(() => import('../experiments/experiment-page.js')),
    'ExperimentPage',
  ),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  component: lazyRouteComponent(
    importPart(() => import('../compare/compare-page.js')),
    'ComparePage',
  ),
});

const charts = createRoute({
  getParentRoute: () => root,
  path: '/charts',
  component: lazyRouteComponent(
    importPart(() => import('../charts/charts-page.js')),
    'ChartsPage',
  ),
});

const routeTree = root.addChildren([home, trials, trial, experiments, experiment, compare, charts]);

/** The pages and their addresses, below wherever the host serves them. */
export function createAppRouter() {
  return createRouter({
    routeTree,
    basepath: pageBase(),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    // Of each page by itself, so that the header stays where a page fails.
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
    // What another page was scrolled to is no place in this one; the router would carry it over by selector.
    scrollToTopSelectors: ['#content', SCROLLED_GRID],
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
