import { Controller, Get, Inject, Req, UseFilters, UseInterceptors } from '@nestjs/common';
import { ExactJsonInterceptor } from '../http/exact-json.interceptor.js';
import { MetadataExceptionFilter } from '../http/metadata-exception.filter.js';
import { QueryInteger, QueryParameter } from '../http/request-parameters.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_OPTIONS } from '../metadata.tokens.js';
import { MetadataChangesService, type ChangesAnswer } from './metadata-changes.service.js';

/** All changes of metadata in one list, for other processes to follow. */
@Controller('metadata/changes')
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class ChangesController {
  constructor(
    private readonly changes: MetadataChangesService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  @Get()
  list(
    @Req() request: object,
    @QueryInteger('limit') limit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<ChangesAnswer> {
    return this.changes.changes(this.options.user(request), { limit, after });
  }
}
