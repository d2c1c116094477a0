import {
  ConfigurableModuleBuilder,
  Module,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  type ModuleMetadata,
} from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  checkGivenNames,
  METADATA_OPTION_NAMES,
  MetadataModule,
  trialMetadataOf,
  type MetadataOptions,
} from '../metadata/index.js';
import { Experiment } from './entities/experiment.entity.js';
import { Project } from './entities/project.entity.js';
import { Trial } from './entities/trial.entity.js';
import { ExperimentsAccessModule, isGivenPolicy, type GivenPolicy } from './experiments-access.module.js';
import { TRIAL_SOURCE } from './search/trial-source.js';
import { TrialsByProjectPolicy } from './trials-by-project.policy.js';
import { ProjectViewEntity } from './views/index.js';

/** What decides the shape of the module, and so must be known at once. */
export interface ExperimentsExtras {
  /** Who may see and change which projects. Required. */
  readonly access: GivenPolicy;
  /** Modules that export what the policy needs. */
  readonly imports?: ModuleMetadata['imports'];
  /** Name of the TypeORM data source for all tables; absent: the default one. */
  readonly dataSource?: string | undefined;
  /** Whether the services are there without importing the module; false by default. */
  readonly global?: boolean;
}

/** The entities of a host's data source, the plugin's among them. */
export const EXPERIMENTS_ENTITIES = [
  Project,
  Experiment,
  Trial,
  ProjectViewEntity,
  trialMetadataOf({ trial: () => Trial }),
] as const;

type GivenExtras = {
  readonly [Name in keyof Required<ExperimentsExtras>]: ExperimentsExtras[Name] | undefined;
};

const NO_EXTRAS: GivenExtras = { access: undefined, imports: [], dataSource: undefined, global: false };
const NAMES = {
  module: 'ExperimentsModule',
  extras: Object.keys(NO_EXTRAS),
  values: METADATA_OPTION_NAMES,
};

/** Holds the options where both modules can reach them. */
@Module({})
class ExperimentsOptionsModule {}

/** What {@link ExperimentsModule.forRoot} takes: the plugin's options, and the extras. */
export type ExperimentsModuleOptions = MetadataOptions & ExperimentsExtras;

/** What {@link ExperimentsModule.forRootAsync} takes: the extras at once, the options from a factory or class. */
export type ExperimentsModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  MetadataOptions,
  'createMetadataOptions'
> &
  Omit<ExperimentsExtras, 'imports'>;

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<MetadataOptions>({
  moduleName: 'Experiments',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createMetadataOptions')
  .setExtras(NO_EXTRAS, (definition, given) => {
    checkGivenNames(NAMES, definition, given);
    return assembleModule(definition, given);
  })
  .build();

interface ExperimentsModuleClass {
  new (): object;
  /** @throws Error of one line that names the option that is missing, or not known */
  forRoot(options: ExperimentsModuleOptions): DynamicModule;
  /** @throws Error of one line that names the option that is missing, or not known */
  forRootAsync(options: ExperimentsModuleAsyncOptions): DynamicModule;
}

/** With a type of its own, since the builder's makes every extra optional. */
export const ExperimentsModuleBase: ExperimentsModuleClass = ConfigurableModuleClass;

/** Puts the plugin on this module's trials, with the module's options and access. */
function assembleModule(
  definition: DynamicModule,
  { access, imports = [], dataSource, global }: GivenExtras,
): DynamicModule {
  if (!isGivenPolicy(access)) {
    throw new Error(
      'ExperimentsModule: access must name an ExperimentsAccessPolicy, or allowAllProjects for everybody.',
    );
  }
  const accessModule = ExperimentsAccessModule.register(access, imports, dataSource);
  const optionsModule: DynamicModule = {
    module: ExperimentsOptionsModule,
    imports: definition.imports ?? [],
    providers: definition.providers ?? [],
    exports: [MODULE_OPTIONS_TOKEN],
  };
  const metadataModule = MetadataModule.forRootAsync({
    imports: [optionsModule, accessModule],
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: (options: MetadataOptions) => options,
    trial: { entity: Trial },
    access: { useExisting: TrialsByProjectPolicy },
    source: TRIAL_SOURCE,
    dataSource,
  });
  return {
    module: definition.module,
    global: global ?? false,
    imports: [TypeOrmModule.forFeature([...EXPERIMENTS_ENTITIES], dataSource), accessModule, metadataModule],
    exports: [accessModule, metadataModule],
  };
}
