import { Controller, Get, HttpCode, Inject, Post, Req, UseFilters, UseInterceptors } from '@nestjs/common';
import type { JsonValue } from './document/index.js';
import { readBatchBody } from './dto/read-body.js';
import { ExactBody } from './http/exact-body.decorator.js';
import { ExactJsonInterceptor } from './http/exact-json.interceptor.js';
import { MetadataExceptionFilter } from './http/metadata-exception.filter.js';
import { BATCH_REPORTS, MetadataBatchService } from './metadata-batch.service.js';
import type { CheckedMetadataOptions } from './metadata.options.js';
import { METADATA_OPTIONS } from './metadata.tokens.js';
import type { MetadataRecord } from './metadata-record.js';

/** Writes to many trials at once, and the limits of all writes, at `/metadata` under the host's prefix. */
@Controller('metadata')
@UseFilters(MetadataExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class MetadataBatchController {
  constructor(
    private readonly batches: MetadataBatchService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  @Get('limits')
  limits(): Readonly<Record<string, number>> {
    const { limits, bodyBytes, batchBytes } = this.options;
    return { ...limits, bodyBytes, batchBytes, batchReports: BATCH_REPORTS };
  }

  @Post('batch')
  @HttpCode(200)
  async batch(
    @Req() request: object,
    @ExactBody() body: JsonValue,
  ): Promise<{ readonly reports: readonly MetadataRecord[] }> {
    return { reports: await this.batches.batch(this.options.user(request), readBatchBody(body)) };
  }
}
