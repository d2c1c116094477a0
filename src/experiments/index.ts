export { EXPERIMENTS_CONTROLLERS, ExperimentsModule } from './experiments.module.js';
export {
  EXPERIMENTS_ENTITIES,
  type ExperimentsExtras,
  type ExperimentsModuleAsyncOptions,
  type ExperimentsModuleOptions,
} from './experiments.module-definition.js';
export { allowAllProjects, ExperimentsAccessPolicy } from './experiments-access-policy.js';
export type { GivenPolicy } from './experiments-access.module.js';
export { EXPERIMENTS_DATA_SOURCE } from './experiments.constants.js';
export {
  ExperimentNotFoundError,
  ExperimentsError,
  ProjectCreationForbiddenError,
  ProjectEditForbiddenError,
  ProjectNamingForbiddenError,
  ProjectNameTakenError,
  ProjectNotFoundError,
  ViewNameTakenError,
  ViewNotFoundError,
  TrialNumberTakenError,
  type ExperimentsErrorCode,
} from './experiments.errors.js';
export { ExperimentsService } from './experiments.service.js';
export { Experiment } from './entities/experiment.entity.js';
export { Project } from './entities/project.entity.js';
export { Trial } from './entities/trial.entity.js';
export {
  ENDING_STATES,
  isEndingState,
  isTrialState,
  TRIAL_STATES,
  type TrialState,
} from './entities/trial-state.js';
export { ImportService, type ImportCounts, type ImportEvent } from './import/import.service.js';
export { experimentsMigrations } from './migrations/index.js';
export { ProjectAccess } from './project-access.js';
export { ProjectsService } from './projects.service.js';
export {
  ProjectViewEntity,
  VIEW_TABLES,
  ViewsService,
  type ProjectView,
  type ViewTable,
} from './views/index.js';
export { AggregateService, type AggregateRequest, type TrialGroup } from './analysis/index.js';
export type { SearchRequest } from './search/search-request.js';
export type { TrialItem } from './search/trial-items.js';
export { TrialSearchService } from './search/trial-search.service.js';
export { RestoreService } from './restore/restore.service.js';
export type {
  RestoredExperiment,
  RestoredProject,
  RestoredTrial,
  RestoreResult,
} from './restore/restored-rows.js';
export { TRIAL_SOURCE } from './search/trial-source.js';
export { TRIAL_COLUMNS } from './trial-columns.js';
export { TrialsByProjectPolicy } from './trials-by-project.policy.js';
export { TrialsController } from './trials.controller.js';
export { TrialsService, type TrialInExperiment } from './trials.service.js';
export { optional, readObject, required, type ObjectOf, type ReadValue } from './body/read-object.js';
export {
  description,
  document,
  flag,
  id,
  instant,
  instantOrNull,
  labels,
  name,
  state,
} from './body/read-value.js';
export { ExperimentsExceptionFilter } from './http/experiments-exception.filter.js';
export { pageById, type ListById } from './http/page-by-id.js';
export { answerCreated, type CreatingRequest } from './http/answer-created.js';
export { experimentsOpenApi } from './openapi/index.js';
