import {
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ExperimentsAccessPolicy } from './experiments-access-policy.js';
import { EXPERIMENTS_DATA_SOURCE } from './experiments.constants.js';
import { ProjectAccess } from './project-access.js';
import { TrialsByProjectPolicy } from './trials-by-project.policy.js';

/** How a host names its policy: a class, a provider of a module in `imports`, or an object such as `allowAllProjects`. */
export type GivenPolicy =
  Type<ExperimentsAccessPolicy> | { readonly useExisting: InjectionToken } | ExperimentsAccessPolicy;

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
  if (access instanceof ExperimentsAccessPolicy)
    return { provide: ExperimentsAccessPolicy, useValue: access };
  if (typeof access === 'function') return { provide: ExperimentsAccessPolicy, useClass: access };
  return { provide: ExperimentsAccessPolicy, useExisting: access.useExisting };
}
