import { Controller, Get, Inject, Req, UseFilters, UseInterceptors } from '@nestjs/common';
import { ExactJsonInterceptor } from '../http/exact-json.interceptor.js';
import { MetadataExceptionFilter } from '../http/metadata-exception.filter.js';
import { QueryParameters } from '../http/query-parameters.decorator.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_OPTIONS, TRIAL_SOURCE } from '../metadata.tokens.js';
import type { TrialSource } from '../query/index.js';
import { FieldValuesService, type FieldValuesPage } from './field-values.service.js';
import { parseFieldsRequest, parseValuesRequest } from './fields-request.js';
import { KnownFieldsService, type KnownFieldsPage } from './known-fields.service.js';

/** The fields that there are, and their values. */
@Controller('metadata')
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class FieldsController {
  constructor(
    private readonly fields: KnownFieldsService,
    private readonly values: FieldValuesService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    @Inject(TRIAL_SOURCE) private readonly source: TrialSource,
  ) {}

  @Get('fields')
  async listFields(
    @QueryParameters() parameters: URLSearchParams,
    @Req() request: unknown,
  ): Promise<KnownFieldsPage> {
    return this.fields.list(parseFieldsRequest(parameters, this.source), this.options.user(request));
  }

  @Get('values')
  async listValues(
    @QueryParameters() parameters: URLSearchParams,
    @Req() request: unknown,
  ): Promise<FieldValuesPage> {
    return this.values.list(parseValuesRequest(parameters, this.source), this.options.user(request));
  }
}
