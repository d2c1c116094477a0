import { CreateExperiments1750000000000 } from './1750000000000-create-experiments.js';
import { IndexForSearches1750000000400 } from './1750000000400-index-for-searches.js';

/**
 * The migrations of projects, experiments and trials, oldest first, for the host's data source. They come before the
 * plugin's, whose tables refer to `trials`.
 */
export const experimentsMigrations = [CreateExperiments1750000000000, IndexForSearches1750000000400] as const;
