import { Controller, Inject, Post, Req } from '@nestjs/common';
import { METADATA_OPTIONS, type CheckedMetadataOptions, type JsonObject } from '../../metadata/index.js';
import { DeterminedBody } from '../http/determined-body.decorator.js';
import { DeterminedRoute } from '../http/determined-route.decorator.js';
import { readSearchRuns } from './search-runs-request.js';
import { SearchRunsService, type FoundRuns } from './search-runs.service.js';

/** Determined's SearchRuns. */
@Controller('runs')
export class SearchRunsController {
  constructor(
    private readonly runs: SearchRunsService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  @Post()
  @DeterminedRoute()
  search(@Req() request: object, @DeterminedBody() body: JsonObject): Promise<FoundRuns> {
    return this.runs.search(readSearchRuns(body), this.options.user(request));
  }
}
