import { fileURLToPath } from 'node:url';
import { Inject, Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { MetadataUiModuleBase, MODULE_OPTIONS_TOKEN } from './metadata-ui.module-definition.js';
import { checkUiOptions, type MetadataUiOptions } from './metadata-ui.options.js';
import { pageHandler } from './page-handler.js';

/** Where the package has its page; the same from `src` and from `dist`. */
const BUILT_PAGE = fileURLToPath(new URL('../../web/dist/', import.meta.url));

/**
 * Serves the web page at a path of the host's choice, on Express and Fastify: `MetadataUiModule.forRoot({ path:
 * '/metadata-ui', apiBase: '/api/v1' })`. The page holds nothing that is secret, and so stands before the host's guards;
 * all that it shows comes from the API.
 */
@Module({})
export class MetadataUiModule extends MetadataUiModuleBase implements NestModule {
  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: MetadataUiOptions,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    super();
  }

  /** @throws Error of one line that names the option that is wrong */
  configure(): void {
    // Neither a controller nor a routed middleware: the host's prefix, versions, guards and pipes are about its API.
    this.adapterHost.httpAdapter.use(pageHandler(checkUiOptions(this.options, BUILT_PAGE)));
  }
}
