import {
  Inject,
  Module,
  RequestMethod,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import {
  checkOptionNames,
  ExactBodies,
  METADATA_OPTIONS,
  type CheckedMetadataOptions,
} from '../metadata/index.js';
import { DETERMINED_OPTION_NAMES, DETERMINED_OPTIONS, type DeterminedOptions } from './determined.options.js';
import { determinedBodyRoute } from './http/body-routes.js';
import { DescribeErrorService } from './http/describe-error.service.js';
import { DeterminedExceptionFilter } from './http/determined-exception.filter.js';
import { DeterminedImportController } from './import/determined-import.controller.js';
import { joinKeySegments } from './projects/join-key-segments.js';
import { MetadataValuesService } from './projects/metadata-values.service.js';
import { ProjectColumnsService } from './projects/project-columns.service.js';
import { ProjectMetadataController } from './projects/project-metadata.controller.js';
import { RunMetadataController } from './runs/run-metadata.controller.js';
import { SearchRunsController } from './runs/search-runs.controller.js';
import { SearchRunsService } from './runs/search-runs.service.js';
import { DeterminedTrialInterceptor } from './trials/determined-trial.interceptor.js';

/** The classes of these routes, as `METADATA_CONTROLLERS` are of the plugin's. */
export const DETERMINED_CONTROLLERS: readonly Type[] = [
  RunMetadataController,
  SearchRunsController,
  ProjectMetadataController,
  DeterminedImportController,
];

/** Bytes of a search's body. */
const SEARCH_BYTES = 1024 * 1024;

/**
 * The routes that Determined's own clients call about metadata, so that training code and tools written for it work
 * against the host. It stands on the experiments and the plugin:
 *
 *     DeterminedModule.forRoot({ imports: [experiments] })   // experiments = ExperimentsModule.forRoot(…)
 */
@Module({
  controllers: [...DETERMINED_CONTROLLERS],
  providers: [
    SearchRunsService,
    ProjectColumnsService,
    MetadataValuesService,
    DescribeErrorService,
    DeterminedExceptionFilter,
    { provide: APP_INTERCEPTOR, useClass: DeterminedTrialInterceptor },
  ],
  exports: [DescribeErrorService, DETERMINED_OPTIONS],
})
export class DeterminedModule implements NestModule {
  constructor(
    private readonly bodies: ExactBodies,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  /** @throws Error of one line that names an option that is not known */
  static forRoot(options: DeterminedOptions = {}): DynamicModule {
    checkOptionNames('DeterminedModule', options, DETERMINED_OPTION_NAMES);
    return {
      module: DeterminedModule,
      imports: options.imports ?? [],
      providers: [{ provide: DETERMINED_OPTIONS, useValue: options }],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(joinKeySegments)
      .forRoutes({ path: 'projects/:projectId/metadata/*key', method: RequestMethod.GET });
    this.bodies.capture([
      determinedBodyRoute('/runs/:runId/metadata', this.options.bodyBytes),
      determinedBodyRoute('/runs', SEARCH_BYTES),
      { path: '/import/determined', limit: this.options.batchBytes },
    ]);
  }
}
