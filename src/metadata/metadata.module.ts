import { Inject, Module, type NestModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from './access/trial-access.js';
import { AfterCommit } from './changes/after-commit.js';
import { ChangeRetentionService } from './changes/change-retention.service.js';
import { ChangeTeller } from './changes/change-teller.js';
import { MetadataChangesService } from './changes/metadata-changes.service.js';
import { MetadataEvents } from './changes/metadata-events.js';
import { FieldCounter } from './fields/field-counter.js';
import { FieldValuesService } from './fields/field-values.service.js';
import { KnownFieldsService } from './fields/known-fields.service.js';
import { SummaryBuilder } from './fields/summary-builder.js';
import { ValueSummariesService } from './fields/value-summaries.service.js';
import { FieldTypesService } from './fields/field-types.service.js';
import { StringFieldsService } from './fields/string-fields.service.js';
import { HistoryRetentionService } from './history-retention.service.js';
import { FieldIndexBuilder } from './indexes/field-index-builder.js';
import { FieldIndexesService } from './indexes/field-indexes.service.js';
import { IndexAdvisor } from './indexes/index-advisor.service.js';
import { SearchTally } from './indexes/search-tally.js';
import type { BodyRoute } from './http/body-route.js';
import { ExactBodies } from './http/exact-bodies.js';
import { MetadataBatchService } from './metadata-batch.service.js';
import { MetadataHistoryService } from './metadata-history.service.js';
import { MetadataQueryBuilder } from './metadata-query-builder.js';
import { MetadataModuleBase, MODULE_OPTIONS_TOKEN } from './metadata.module-definition.js';
import { checkMetadataOptions, type CheckedMetadataOptions } from './metadata.options.js';
import { MetadataService } from './metadata.service.js';
import {
  METADATA_BODY_ROUTES,
  METADATA_DATA_SOURCE,
  METADATA_OPTIONS,
  METADATA_TABLE_NAMES,
} from './metadata.tokens.js';
import { CursorCodec } from './query/index.js';
import { MetadataStore } from './storage/metadata-store.js';
import type { MetadataTableNames } from './storage/metadata-tables.js';
import { SchemaCheck } from './storage/schema-check.service.js';

const SERVICES = [
  MetadataService,
  MetadataBatchService,
  MetadataHistoryService,
  KnownFieldsService,
  FieldValuesService,
  StringFieldsService,
  FieldTypesService,
  FieldCounter,
  SummaryBuilder,
  ValueSummariesService,
  FieldIndexBuilder,
  FieldIndexesService,
  SearchTally,
  IndexAdvisor,
  HistoryRetentionService,
  MetadataEvents,
  MetadataChangesService,
  ChangeRetentionService,
  TrialAccess,
  ExactBodies,
];

/** Metadata on the trials of a host: reports, history, and the engine that finds trials by it. */
@Module({
  providers: [
    ...SERVICES,
    SchemaCheck,
    { provide: METADATA_OPTIONS, useFactory: checkMetadataOptions, inject: [MODULE_OPTIONS_TOKEN] },
    {
      provide: MetadataQueryBuilder,
      useFactory: (tables: MetadataTableNames) => new MetadataQueryBuilder(tables),
      inject: [METADATA_TABLE_NAMES],
    },
    {
      provide: CursorCodec,
      useFactory: ({ cursorSecret }: CheckedMetadataOptions) => new CursorCodec(cursorSecret),
      inject: [METADATA_OPTIONS],
    },
    {
      provide: AfterCommit,
      useFactory: (dataSource: DataSource) => {
        const afterCommit = new AfterCommit();
        dataSource.subscribers.push(afterCommit);
        return afterCommit;
      },
      inject: [METADATA_DATA_SOURCE],
    },
    {
      provide: MetadataStore,
      useFactory: (
        dataSource: DataSource,
        tables: MetadataTableNames,
        { changes }: CheckedMetadataOptions,
        events: MetadataEvents,
        afterCommit: AfterCommit,
      ) => new MetadataStore(dataSource, tables, new ChangeTeller(events, afterCommit), changes),
      inject: [METADATA_DATA_SOURCE, METADATA_TABLE_NAMES, METADATA_OPTIONS, MetadataEvents, AfterCommit],
    },
  ],
  exports: [...SERVICES, METADATA_OPTIONS, MetadataQueryBuilder, CursorCodec],
})
export class MetadataModule extends MetadataModuleBase implements NestModule {
  constructor(
    private readonly bodies: ExactBodies,
    @Inject(METADATA_BODY_ROUTES) private readonly routes: readonly BodyRoute[],
  ) {
    super();
  }

  configure(): void {
    this.bodies.capture(this.routes);
  }
}
