import { Inject, Module, type NestModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from './access/trial-access.js';
import { FieldCounter } from './fields/field-counter.js';
import { FieldValuesService } from './fields/field-values.service.js';
import { KnownFieldsService } from './fields/known-fields.service.js';
import { StringFieldsService } from './fields/string-fields.service.js';
import { HistoryRetentionService } from './history-retention.service.js';
import { FieldIndexesService } from './indexes/field-indexes.service.js';
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

const SERVICES = [
  MetadataService,
  MetadataBatchService,
  MetadataHistoryService,
  KnownFieldsService,
  FieldValuesService,
  StringFieldsService,
  FieldCounter,
  FieldIndexesService,
  HistoryRetentionService,
  TrialAccess,
  ExactBodies,
];

/** Metadata on the trials of a host: reports, history, and the engine that finds trials by it. */
@Module({
  providers: [
    ...SERVICES,
    { provide: METADATA_OPTIONS, useFactory: checkMetadataOptions, inject: [MODULE_OPTIONS_TOKEN] },
    { provide: MetadataQueryBuilder, useFactory: () => new MetadataQueryBuilder() },
    {
      provide: CursorCodec,
      useFactory: ({ cursorSecret }: CheckedMetadataOptions) => new CursorCodec(cursorSecret),
      inject: [METADATA_OPTIONS],
    },
    {
      provide: MetadataStore,
      useFactory: (dataSource: DataSource, tables: MetadataTableNames) =>
        new MetadataStore(dataSource, tables),
      inject: [METADATA_DATA_SOURCE, METADATA_TABLE_NAMES],
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
