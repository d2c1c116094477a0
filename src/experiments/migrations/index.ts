import { CreateExperiments1750000000000 } from './1750000000000-create-experiments.js';
import { IndexForSearches1750000000400 } from './1750000000400-index-for-searches.js';
import { CreateProjectViews1760000000100 } from './1760000000100-create-project-views.js';
import { IndexArchivedTrials1760000000500 } from './1760000000500-index-archived-trials.js';

/**
 * The migrations of projects, experiments and trials, oldest first, for the host's data source. They come before the
 * plugin's, whose tables refer to `trials`.
 */
export const experimentsMigrations = [
  CreateExperiments1750000000000,
  IndexForSearches1750000000400,
  CreateProjectViews1760000000100,
  IndexArchivedTrials1760000000500,
] as const;
