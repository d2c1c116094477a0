import {
  ConfigurableModuleBuilder,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
} from '@nestjs/common';
import {
  METADATA_EXTRA_NAMES,
  METADATA_OPTION_NAMES,
  type MetadataExtras,
  type MetadataOptions,
} from './metadata.options.js';
import { assembleModule, type GivenExtras } from './assemble-module.js';
import { checkGivenNames } from './option-names.js';

const NAMES = { module: 'MetadataModule', extras: METADATA_EXTRA_NAMES, values: METADATA_OPTION_NAMES };

/** The extras of a host that names none. `trial` and `access` have no default: their absence is refused at start-up. */
const NO_EXTRAS: GivenExtras = {
  trial: undefined,
  access: undefined,
  imports: [],
  dataSource: undefined,
  schema: undefined,
  source: undefined,
  global: false,
  controllers: true,
};

/** What {@link MetadataModule.forRoot} takes. */
export type MetadataModuleOptions = MetadataOptions & MetadataExtras;

/** What {@link MetadataModule.forRootAsync} takes: the extras at once, the options from a factory or class. */
export type MetadataModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  MetadataOptions,
  'createMetadataOptions'
> &
  Omit<MetadataExtras, 'imports'>;

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: token } =
  new ConfigurableModuleBuilder<MetadataOptions>({
    moduleName: 'TrialMetadata',
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createMetadataOptions')
    .setExtras(NO_EXTRAS, (definition, given) => {
      checkGivenNames(NAMES, definition, given);
      return assembleModule(definition, given);
    })
    .build();

interface MetadataModuleClass {
  new (): object;
  /** @throws Error of one line that names the option that is missing, or not known */
  forRoot(options: MetadataModuleOptions): DynamicModule;
  /** @throws Error of one line that names the option that is missing, or not known */
  forRootAsync(options: MetadataModuleAsyncOptions): DynamicModule;
}

export const MODULE_OPTIONS_TOKEN = token;
/** With a type of its own, since the builder's makes every extra optional. */
export const MetadataModuleBase: MetadataModuleClass = ConfigurableModuleClass;
