import {
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { isPolicy } from '../metadata/index.js';
import { ExperimentsAccessPolicy } from './experiments-access-policy.js';
import { EXPERIMENTS_DATA_SOURCE } from './experiments.constants.js';
import { ProjectAccess } from './project-access.js';
import { TrialsByProjectPolicy } from './trials-by-project.policy.js';

/** How a host names its policy: a class, a provider of a module in `imports`, or an object such as `allowAllProjects`. */
export type GivenPolicy =
  Type<ExperimentsAccessPolicy> | { readonly useExisting: InjectionToken } | ExperimentsAccessPolicy;

const POLICY = {
  inherited: ['canDoEverything'],
  own: ['visibleProjects', 'canViewProject', 'canEditProject', 'canCreateProject'],
};

/** Whether it is one of these. */
export function isGivenPolicy(access: unknown): access is GivenPolicy {
  const isReference =
    (access as { readonly useExisting?: unknown } | null | undefined)?.useExisting !== undefined;
  return isReference || isPolicy(access, POLICY);
}

/** Who may do what, for both the plugin and the experiments: apart from them, since each of them needs it. */
@Module({})
export class ExperimentsAccessModule {
  /** @param dataSource name of the TypeORM data source; undefined: the default one */
  static register(
    access: GivenPolicy,
    imports: NonNullable<ModuleMetadata['imports']>,
    dataSource: string | undefined,
  ): DynamicModule {
    return {
      module: ExperimentsAccessModule,
      imports,
      providers: [
        { provide: EXPERIMENTS_DATA_SOURCE, useExisting: getDataSourceToken(dataSource) },
        policyProvider(access),
        ProjectAccess,
        TrialsByProjectPolicy,
      ],
      exports: [EXPERIMENTS_DATA_SOURCE, ExperimentsAccessPolicy, ProjectAccess, TrialsByProjectPolicy],
    };
  }
}

function policyProvider(access: GivenPolicy): Provider {
  if (typeof access === 'function') return { provide: ExperimentsAccessPolicy, useClass: access };
  return 'useExisting' in access
    ? { provide: ExperimentsAccessPolicy, useExisting: access.useExisting }
    : { provide: ExperimentsAccessPolicy, useValue: access };
}
