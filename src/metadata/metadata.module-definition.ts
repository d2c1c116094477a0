import {
  ConfigurableModuleBuilder,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
} from '@nestjs/common';
import type { MetadataExtras, MetadataOptions } from './metadata.options.js';
import { assembleModule, type GivenExtras } from './assemble-module.js';

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
    .setExtras(NO_EXTRAS, assembleModule)
    .build();

interface MetadataModuleClass {
  new (): object;
  /** @throws Error of one line that names the extra that is missing */
  forRoot(options: MetadataModuleOptions): DynamicModule;
  /** @throws Error of one line that names the extra that is missing */
  forRootAsync(options: MetadataModuleAsyncOptions): DynamicModule;
}

export const MODULE_OPTIONS_TOKEN = token;
/** With a type of its own, since the builder's makes every extra optional. */
export const MetadataModuleBase: MetadataModuleClass = ConfigurableModuleClass;
