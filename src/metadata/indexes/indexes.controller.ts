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
import type { Path } from '../document/index.js';
import { ExactJsonInterceptor } from '../http/exact-json.interceptor.js';
import { MetadataExceptionFilter } from '../http/metadata-exception.filter.js';
import { PathParameter, QueryParameter } from '../http/request-parameters.js';
import { InvalidRequestError } from '../metadata.errors.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_OPTIONS } from '../metadata.tokens.js';
import { DEFAULT_QUERY_LIMITS, parseMetadataPath, readAll } from '../query/index.js';
import { FieldIndexesService, type FieldIndex } from './field-indexes.service.js';
import type { IndexAdvisorMode } from './index-advice.js';
import { IndexAdvisor } from './index-advisor.service.js';
import { INDEX_KINDS, type IndexKind, type IndexTarget } from './index-target.js';
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
    return { indexes, advisor: this.advisor.mode, proposals: await this.advisor.proposals(indexes) };
  }

  @Put(':field')
  @HttpCode(202)
  async create(
    @Req() request: object,
    @PathParameter('field') field: string,
    @QueryParameter('kind') kind: string | undefined,
  ): Promise<{ readonly index: FieldIndex }> {
    const target = targetOf(field, kind);
    return { index: await this.indexes.create(this.options.user(request), target.path, target.kind) };
  }

  @Delete(':field')
  @HttpCode(204)
  async drop(
    @Req() request: object,
    @PathParameter('field') field: string,
    @QueryParameter('kind') kind: string | undefined,
  ): Promise<void> {
    const target = targetOf(field, kind);
    await this.indexes.drop(this.options.user(request), target.path, target.kind);
  }
}

/** @throws InvalidRequestError with the faults of both */
function targetOf(field: string, kindText: string | undefined): IndexTarget {
  const [path, kind] = readAll(
    () => pathOf(field),
    () => kindOf(kindText),
  );
  return { path, kind };
}

/** The field as filters name it, or without `metadata.` in front. */
function pathOf(field: string): Path {
  return parseMetadataPath(field.replace(/^metadata\./, ''), 'field', DEFAULT_QUERY_LIMITS);
}

function kindOf(text: string | undefined): IndexKind {
  const kind = text === undefined ? 'values' : INDEX_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw InvalidRequestError.at(
    'kind',
    'unknown_kind',
    `There is no index of kind ${JSON.stringify(text)}; kinds are ${INDEX_KINDS.join(' and ')}.`,
  );
}
