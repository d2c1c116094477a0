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
import type { IndexAdvisorMode } from './index-advice.js';
import { IndexAdvisor } from './index-advisor.service.js';
import type { IndexProposal } from './index-proposals.js';

/** The indexes that there are, and those that would pay. */
interface IndexesAnswer {
  readonly indexes: readonly FieldIndex[];
  readonly advisor: IndexAdvisorMode;
  readonly proposals: readonly IndexProposal[];
}

/** The indexes of fields, for whoever looks after the database. */
@Controller('metadata/indexes')
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class IndexesController {
  constructor(
    private readonly indexes: FieldIndexesService,
    private readonly advisor: IndexAdvisor,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  @Get()
  async list(@Req() request: object): Promise<IndexesAnswer> {
    const indexes = await this.indexes.list(this.options.user(request));
    return { indexes, advisor: this.advisor.mode, proposals: this.advisor.proposals(indexes) };
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
