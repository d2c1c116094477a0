import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Put,
  Req,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { ExactJsonInterceptor } from '../http/exact-json.interceptor.js';
import { MetadataExceptionFilter } from '../http/metadata-exception.filter.js';
import { PathParameter } from '../http/request-parameters.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_OPTIONS } from '../metadata.tokens.js';
import { DEFAULT_QUERY_LIMITS, parseMetadataPath } from '../query/index.js';
import { FieldIndexesService, type FieldIndex } from './field-indexes.service.js';

/** The indexes of fields, for whoever looks after the database. */
@Controller('metadata/indexes')
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class IndexesController {
  constructor(
    private readonly indexes: FieldIndexesService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  @Get()
  async list(@Req() request: object): Promise<{ readonly indexes: readonly FieldIndex[] }> {
    return { indexes: await this.indexes.list(this.options.user(request)) };
  }

  @Put(':field')
  @HttpCode(202)
  async create(
    @Req() request: object,
    @PathParameter('field') field: string,
  ): Promise<{ readonly index: FieldIndex }> {
    return { index: await this.indexes.create(this.options.user(request), pathOf(field)) };
  }

  @Delete(':field')
  @HttpCode(204)
  async drop(@Req() request: object, @PathParameter('field') field: string): Promise<void> {
    await this.indexes.drop(this.options.user(request), pathOf(field));
  }
}

/** The field as filters name it, or without `metadata.` in front. */
function pathOf(field: string) {
  return parseMetadataPath(field.replace(/^metadata\./, ''), 'field', DEFAULT_QUERY_LIMITS);
}
