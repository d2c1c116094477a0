import type { DynamicModule, InjectionToken, Provider, Type } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { MetadataAccessPolicy } from './access/metadata-access-policy.js';
import { ChangesController } from './changes/changes.controller.js';
import { FieldsController } from './fields/fields.controller.js';
import type { BodyRoute } from './http/body-route.js';
import { IndexesController } from './indexes/indexes.controller.js';
import { MetadataBatchController } from './metadata-batch.controller.js';
import { MetadataController } from './metadata.controller.js';
import type { CheckedMetadataOptions, MetadataExtras } from './metadata.options.js';
import {
  METADATA_BODY_ROUTES,
  METADATA_DATA_SOURCE,
  METADATA_OPTIONS,
  METADATA_TABLE_NAMES,
  METADATA_TABLES,
  TRIAL_SOURCE,
} from './metadata.tokens.js';
import { trustedSql, type MetadataTables, type TrialSource } from './query/index.js';
import { trialSourceOf } from './source/index.js';
import type { MetadataTableNames } from './storage/metadata-tables.js';
import { findTables, plainTrialSource } from './trial-tables.js';

/** Extras as a host gives them, before they were looked at. */
export type GivenExtras = {
  readonly [Name in keyof Required<MetadataExtras>]: MetadataExtras[Name] | undefined;
};

/** What hosts and the modules built on the plugin may inject beside the services. */
const EXPORTED_TOKENS = [
  METADATA_DATA_SOURCE,
  METADATA_TABLE_NAMES,
  METADATA_TABLES,
  TRIAL_SOURCE,
  MetadataAccessPolicy,
];

/** The classes of the plugin's routes: by them a guard or an interceptor for all routes of a host knows the plugin's. */
export const METADATA_CONTROLLERS: readonly Type[] = [
  MetadataController,
  MetadataBatchController,
  ChangesController,
  FieldsController,
  IndexesController,
];

/** The module's definition with all that its extras decide. @throws Error of one line that names the option */
export function assembleModule(definition: DynamicModule, given: GivenExtras): DynamicModule {
  const extras = checkExtras(given);
  const controllers = extras.controllers === false ? [] : [...METADATA_CONTROLLERS];
  return {
    ...definition,
    global: extras.global ?? false,
    imports: [...(definition.imports ?? []), ...(extras.imports ?? [])],
    controllers,
    providers: [
      ...(definition.providers ?? []),
      { provide: METADATA_DATA_SOURCE, useExisting: getDataSourceToken(extras.dataSource) },
      accessProvider(extras.access),
      {
        provide: METADATA_TABLE_NAMES,
        useFactory: (dataSource: DataSource) => findTables(dataSource, extras),
        inject: [METADATA_DATA_SOURCE],
      },
      {
        provide: METADATA_TABLES,
        useFactory: ({ metadata }: MetadataTableNames): MetadataTables => ({
          metadata: trustedSql(metadata),
        }),
        inject: [METADATA_TABLE_NAMES],
      },
      {
        provide: TRIAL_SOURCE,
        useFactory: (tables: MetadataTableNames, dataSource: DataSource) =>
          findSource(tables, dataSource, extras),
        inject: [METADATA_TABLE_NAMES, METADATA_DATA_SOURCE],
      },
      {
        provide: METADATA_BODY_ROUTES,
        useFactory: (options: CheckedMetadataOptions) => (controllers.length > 0 ? bodyRoutes(options) : []),
        inject: [METADATA_OPTIONS],
      },
    ],
    exports: [...(definition.exports ?? []), ...EXPORTED_TOKENS],
  };
}

function findSource(
  tables: MetadataTableNames,
  dataSource: DataSource,
  { source, trial }: MetadataExtras,
): TrialSource {
  if (source === undefined) return plainTrialSource(tables);
  if ('from' in source) return source;
  if ('entity' in trial) return trialSourceOf(dataSource, { ...source, trial });
  throw new Error(
    'MetadataModule: source takes columns from entities, so trial must name one, e.g. { entity: Trial }.',
  );
}

function bodyRoutes({ bodyBytes, batchBytes }: CheckedMetadataOptions): readonly BodyRoute[] {
  return [
    { path: '/trials/:trialId/metadata', limit: bodyBytes },
    { path: '/trials/:trialId/metadata/revert', limit: bodyBytes },
    { path: '/metadata/batch', limit: batchBytes },
  ];
}

function checkExtras(given: GivenExtras): MetadataExtras {
  const { trial, access } = given;
  if (trial === undefined || !('entity' in trial || 'table' in trial)) {
    throw new Error("MetadataModule: trial must name the host's trials, e.g. { entity: Trial, id: 'id' }.");
  }
  if (!isPolicy(access) && !isReference(access)) {
    throw new Error('MetadataModule: access must name a MetadataAccessPolicy, or allowAll for everybody.');
  }
  return { ...given, trial, access } as MetadataExtras; // absent and undefined mean the same here
}

function accessProvider(access: MetadataExtras['access']): Provider {
  if (typeof access === 'function') return { provide: MetadataAccessPolicy, useClass: access };
  if (isReference(access)) return { provide: MetadataAccessPolicy, useExisting: access.useExisting };
  return { provide: MetadataAccessPolicy, useValue: access };
}

function isReference(access: unknown): access is { readonly useExisting: InjectionToken } {
  return (
    typeof access === 'object' &&
    access !== null &&
    'useExisting' in access &&
    access.useExisting !== undefined
  );
}

/**
 * By its methods, since a class may extend the one of another copy of the package; a class by what it inherits, since its own
 * may be properties of each object.
 */
function isPolicy(access: unknown): boolean {
  const isClass = typeof access === 'function';
  const policy: unknown = isClass ? access.prototype : access;
  if (typeof policy !== 'object' || policy === null) return false;
  const names = isClass ? ['visibleScopes'] : ['canView', 'canEdit', 'visibleTrials', 'visibleScopes'];
  return names.every((name) => typeof (policy as Readonly<Record<string, unknown>>)[name] === 'function');
}
