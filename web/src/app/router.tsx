import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { pageBase } from '../api/page-settings.js';
import { parseSearch, stringifySearch } from '../view/search-text.js';
import { TrialsPage } from '../trials/trials-page.js';
import { NotFoundPage } from './not-found-page.js';
import { RootLayout } from './root-layout.js';
import { RouteError } from './route-error.js';

const root = createRootRoute({
  component: RootLayout,
  notFoundComponent: NotFoundPage,
  errorComponent: RouteError,
});

/** An id in an address; one that is none names no trial and no experiment. */
function id(text: string): number {
  return /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : 0;
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
    parse: ({ trialId }) => ({ trialId: id(trialId) }),
    stringify: ({ trialId }) => ({ trialId: String(trialId) }),
  },
  component: lazyRouteComponent(() => import('../trial/trial-page.js'), 'TrialPage'),
});

const experiments = createRoute({
  getParentRoute: () => root,
  path: '/experiments',
  component: lazyRouteComponent(() => import('../experiments/experiments-page.js'), 'ExperimentsPage'),
});

const experiment = createRoute({
  getParentRoute: () => root,
  path: '/experiments/$experimentId',
  params: {
    parse: ({ experimentId }) => ({ experimentId: id(experimentId) }),
    stringify: ({ experimentId }) => ({ experimentId: String(experimentId) }),
  },
  component: lazyRouteComponent(() => import('../experiments/experiment-page.js'), 'ExperimentPage'),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  component: lazyRouteComponent(() => import('../compare/compare-page.js'), 'ComparePage'),
});

const charts = createRoute({
  getParentRoute: () => root,
  path: '/charts',
  component: lazyRouteComponent(() => import('../charts/charts-page.js'), 'ChartsPage'),
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
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
