import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { MetadataUiOptions } from './metadata-ui.options.js';

const definition = new ConfigurableModuleBuilder<MetadataUiOptions>({ moduleName: 'MetadataUi' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createMetadataUiOptions')
  .build();

export const MetadataUiModuleBase = definition.ConfigurableModuleClass;
export const MODULE_OPTIONS_TOKEN = definition.MODULE_OPTIONS_TOKEN;

/** What {@link MetadataUiModule.forRootAsync} takes: the options from a factory, class or provider. */
export type MetadataUiModuleAsyncOptions = typeof definition.ASYNC_OPTIONS_TYPE;
