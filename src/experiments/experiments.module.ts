import { Module, type NestModule, type Type } from '@nestjs/common';
import { ExactBodies } from '../metadata/index.js';
import {
  AggregateService,
  ANALYSIS_BODY_ROUTES,
  ANALYSIS_CONTROLLERS,
  ANALYSIS_PROVIDERS,
} from './analysis/index.js';
import { ExperimentsController } from './experiments.controller.js';
import { ExperimentsModuleBase } from './experiments.module-definition.js';
import { ExperimentsService } from './experiments.service.js';
import { ImportController } from './import/import.controller.js';
import { ImportService } from './import/import.service.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsService } from './projects.service.js';
import { RestoreService } from './restore/restore.service.js';
import { SearchController } from './search/search.controller.js';
import { SEARCH_BODY_ROUTES, SEARCH_PROVIDERS } from './search/search.providers.js';
import { TrialSearchService } from './search/trial-search.service.js';
import { TrialsController } from './trials.controller.js';
import { TrialsService } from './trials.service.js';
import { ViewsController, ViewsService } from './views/index.js';

const SERVICES = [
  ProjectsService,
  ExperimentsService,
  TrialsService,
  ViewsService,
  ImportService,
  RestoreService,
];

/** Bytes of a request about one project, experiment or trial. */
const BODY_BYTES = 1024 * 1024;

const BODY_ROUTES = [
  '/projects',
  '/projects/:projectId',
  '/projects/:projectId/views',
  '/projects/:projectId/views/:viewId',
  '/experiments',
  '/experiments/:experimentId',
  '/experiments/:experimentId/trials',
  '/trials/:trialId',
].map((path) => ({ path, limit: BODY_BYTES }));

/** The classes of these routes, as `METADATA_CONTROLLERS` are of the plugin's. */
// Of two routes that fit a path the first decides: literal ones such as `/trials/search` before `/trials/:trialId`.
export const EXPERIMENTS_CONTROLLERS: readonly Type[] = [
  SearchController,
  ...ANALYSIS_CONTROLLERS,
  ProjectsController,
  ViewsController,
  ExperimentsController,
  TrialsController,
  ImportController,
];

/** Projects, experiments and trials, and with them the plugin on these trials. */
@Module({
  controllers: [...EXPERIMENTS_CONTROLLERS],
  providers: [...SERVICES, ...SEARCH_PROVIDERS, ...ANALYSIS_PROVIDERS],
  exports: [...SERVICES, TrialSearchService, AggregateService],
})
export class ExperimentsModule extends ExperimentsModuleBase implements NestModule {
  constructor(private readonly bodies: ExactBodies) {
    super();
  }

  configure(): void {
    // As with controllers, the first one that fits decides.
    this.bodies.capture([...SEARCH_BODY_ROUTES, ...ANALYSIS_BODY_ROUTES, ...BODY_ROUTES]);
  }
}
