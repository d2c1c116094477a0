export { MetadataUiModule } from './metadata-ui.module.js';
export type { MetadataUiModuleAsyncOptions } from './metadata-ui.module-definition.js';
export type { MetadataUiOptions } from './metadata-ui.options.js';
