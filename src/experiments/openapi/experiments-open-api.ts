import type { OpenApiFragment } from '../../metadata/index.js';
import { ANALYSIS_PATHS } from './analysis-paths.js';
import { ANALYSIS_SCHEMAS } from './analysis-schemas.js';
import { EXPERIMENTS_SCHEMAS } from './experiments-schemas.js';
import { RESOURCE_PATHS } from './resource-paths.js';
import { SEARCH_PATHS } from './search-paths.js';
import { VIEW_PATHS } from './view-paths.js';

/** The routes of projects, experiments and trials. */
export const experimentsOpenApi: OpenApiFragment = {
  tags: [
    { name: 'projects', description: 'Projects hold experiments.' },
    { name: 'experiments', description: 'Experiments hold trials.' },
    { name: 'trials', description: 'Training runs: what metadata is reported on.' },
    { name: 'search', description: 'Find and sort trials and experiments by any field.' },
    { name: 'analysis', description: 'Compare, aggregate and export trials.' },
    { name: 'import', description: 'Many trials at once.' },
  ],
  schemas: { ...EXPERIMENTS_SCHEMAS, ...ANALYSIS_SCHEMAS },
  paths: { ...RESOURCE_PATHS, ...VIEW_PATHS, ...SEARCH_PATHS, ...ANALYSIS_PATHS },
};
