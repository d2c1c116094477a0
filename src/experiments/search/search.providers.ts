import type { Provider } from '@nestjs/common';
import type { BodyRoute } from '../../metadata/index.js';
import { ExperimentSearchService } from './experiment-search.service.js';
import { HintsService } from './hints.service.js';
import { SummedTotals } from './summed-totals.js';
import { TrialSearchService } from './trial-search.service.js';

/** What the module provides for searching. */
export const SEARCH_PROVIDERS: readonly Provider[] = [
  TrialSearchService,
  ExperimentSearchService,
  HintsService,
  SummedTotals,
];

/** Bytes of a search's body: a filter of 200 conditions with texts of 1,000 characters fits well. */
const SEARCH_BODY_LIMIT = 1024 * 1024;

/** The requests of searches whose bodies are read exactly. */
export const SEARCH_BODY_ROUTES: readonly BodyRoute[] = [
  { path: '/trials/search', limit: SEARCH_BODY_LIMIT },
  { path: '/experiments/search', limit: SEARCH_BODY_LIMIT },
];
