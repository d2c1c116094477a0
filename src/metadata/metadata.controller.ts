import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Patch,
  Post,
  Put,
  Req,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import type { JsonValue } from './document/index.js';
import { MERGE_PATCH_TYPE, readMetadataBody, readPatchBody, readRevertBody } from './dto/read-body.js';
import { EntityTagInterceptor } from './http/entity-tag.interceptor.js';
import { BodyType, ExactBody } from './http/exact-body.decorator.js';
import { ExactJsonInterceptor } from './http/exact-json.interceptor.js';
import { MetadataExceptionFilter } from './http/metadata-exception.filter.js';
import { IfMatch, PathParameter, QueryInteger, QueryParameter } from './http/request-parameters.js';
import { MetadataHistoryService, type HistoryPage } from './metadata-history.service.js';
import type { CheckedMetadataOptions } from './metadata.options.js';
import { MetadataService, type WriteOptions } from './metadata.service.js';
import { METADATA_OPTIONS } from './metadata.tokens.js';
import type { MetadataRecord } from './metadata-record.js';

/** The metadata of one trial, at `/trials/:trialId/metadata` under the host's prefix. */
@Controller('trials/:trialId/metadata')
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor, EntityTagInterceptor)
export class MetadataController {
  constructor(
    private readonly metadata: MetadataService,
    private readonly histories: MetadataHistoryService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  @Get()
  get(
    @Req() request: object,
    @PathParameter('trialId') trialId: string,
    @QueryInteger('revision') revision: number | undefined,
  ): Promise<MetadataRecord> {
    const user = this.options.user(request);
    return revision === undefined
      ? this.metadata.get(user, trialId)
      : this.metadata.getAsOf(user, trialId, revision);
  }

  @Post()
  @HttpCode(200)
  report(
    @Req() request: object,
    @PathParameter('trialId') trialId: string,
    @ExactBody() body: JsonValue,
    @IfMatch() options: WriteOptions,
  ): Promise<MetadataRecord> {
    return this.metadata.report(this.options.user(request), trialId, readMetadataBody(body), options);
  }

  @Put()
  set(
    @Req() request: object,
    @PathParameter('trialId') trialId: string,
    @ExactBody() body: JsonValue,
    @IfMatch() options: WriteOptions,
  ): Promise<MetadataRecord> {
    return this.metadata.set(this.options.user(request), trialId, readMetadataBody(body), options);
  }

  @Patch()
  patch(
    @Req() request: object,
    @PathParameter('trialId') trialId: string,
    @ExactBody([MERGE_PATCH_TYPE, 'application/json']) body: JsonValue,
    @BodyType() type: string,
    @IfMatch() options: WriteOptions,
  ): Promise<MetadataRecord> {
    return this.metadata.patch(this.options.user(request), trialId, readPatchBody(body, type), options);
  }

  @Delete()
  clear(
    @Req() request: object,
    @PathParameter('trialId') trialId: string,
    @IfMatch() options: WriteOptions,
  ): Promise<MetadataRecord> {
    return this.metadata.clear(this.options.user(request), trialId, options);
  }

  @Get('history')
  history(
    @Req() request: object,
    @PathParameter('trialId') trialId: string,
    @QueryInteger('limit') limit: number | undefined,
    @QueryParameter('after') after: string | undefined,
  ): Promise<HistoryPage> {
    return this.histories.history(this.options.user(request), trialId, { limit, after });
  }

  @Post('revert')
  @HttpCode(200)
  revert(
    @Req() request: object,
    @PathParameter('trialId') trialId: string,
    @ExactBody() body: JsonValue,
    @IfMatch() options: WriteOptions,
  ): Promise<MetadataRecord> {
    return this.metadata.revert(this.options.user(request), trialId, readRevertBody(body), options);
  }
}
