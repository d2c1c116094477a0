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

/**
 * Whether it is one of these: by its methods, since a class may extend the one of another copy of the package; a class by what
 * it inherits, since its own may be properties of each object.
 */
export function isGivenPolicy(access: unknown): access is GivenPolicy {
  const isClass = typeof access === 'function';
  const policy: unknown = isClass ? access.prototype : access;
  if (typeof policy !== 'object' || policy === null) return false;
  const members = policy as Readonly<Record<string, unknown>>;
  if (members['useExisting'] !== undefined) return true;
  const own = ['visibleProjects', 'canViewProject', 'canEditProject', 'canCreateProject'];
  const methods = [...(isClass ? [] : own), 'canDoEverything'];
  return methods.every((name) => typeof members[name] === 'function');
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
