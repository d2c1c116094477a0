import { Controller, Get, HttpCode, Post, UseFilters, UseInterceptors } from '@nestjs/common';
import {
  ExactBody,
  ExactJsonInterceptor,
  MetadataExceptionFilter,
  QueryParameters,
  type JsonValue,
} from '../../metadata/index.js';
import { CurrentUser } from '../http/current-user.decorator.js';
import type { ExperimentItem } from './experiment-items.js';
import { ExperimentSearchService } from './experiment-search.service.js';
import type { Page } from './page.js';
import { parseSearchBody, parseSearchQuery } from './search-request.js';
import type { TrialItem } from './trial-items.js';
import { TrialSearchService } from './trial-search.service.js';

/** Trials and experiments by metadata and columns: the same search with its filter in a body or in the query string. */
@Controller()
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class SearchController {
  constructor(
    private readonly trials: TrialSearchService,
    private readonly experiments: ExperimentSearchService,
  ) {}

  @Post('trials/search')
  @HttpCode(200)
  async searchTrials(@CurrentUser() user: unknown, @ExactBody() body: JsonValue): Promise<Page<TrialItem>> {
    return this.trials.search(parseSearchBody(body), user);
  }

  @Post('experiments/search')
  @HttpCode(200)
  async searchExperiments(
    @CurrentUser() user: unknown,
    @ExactBody() body: JsonValue,
  ): Promise<Page<ExperimentItem>> {
    return this.experiments.search(parseSearchBody(body), user);
  }

  @Get('trials')
  async listTrials(
    @CurrentUser() user: unknown,
    @QueryParameters() parameters: URLSearchParams,
  ): Promise<Page<TrialItem>> {
    return this.trials.search(parseSearchQuery(parameters), user);
  }

  @Get('experiments')
  async listExperiments(
    @CurrentUser() user: unknown,
    @QueryParameters() parameters: URLSearchParams,
  ): Promise<Page<ExperimentItem>> {
    return this.experiments.search(parseSearchQuery(parameters), user);
  }
}
