import { Controller, HttpCode, Post, UseFilters, UseInterceptors } from '@nestjs/common';
import {
  ExactBody,
  ExactJsonInterceptor,
  MetadataExceptionFilter,
  type JsonValue,
} from '../../metadata/index.js';
import { CurrentUser } from '../http/current-user.decorator.js';
import { parseAggregateBody } from './aggregate/aggregate-request.js';
import { AggregateService, type AggregateAnswer } from './aggregate/aggregate.service.js';
import { parseCompareBody } from './compare/compare-request.js';
import { CompareService, type CompareAnswer } from './compare/compare.service.js';

/** What many trials tell together. */
@Controller('trials')
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class AnalysisController {
  constructor(
    private readonly comparisons: CompareService,
    private readonly aggregates: AggregateService,
  ) {}

  @Post('compare')
  @HttpCode(200)
  async compare(@CurrentUser() user: unknown, @ExactBody() body: JsonValue): Promise<CompareAnswer> {
    return this.comparisons.compare(parseCompareBody(body), user);
  }

  @Post('aggregate')
  @HttpCode(200)
  async aggregate(@CurrentUser() user: unknown, @ExactBody() body: JsonValue): Promise<AggregateAnswer> {
    return this.aggregates.aggregate(parseAggregateBody(body), user);
  }
}
