import { Controller, Get, Logger, Req, Res, UseFilters } from '@nestjs/common';
import { MetadataExceptionFilter, QueryParameters } from '../../../metadata/index.js';
import { CurrentUser } from '../../http/current-user.decorator.js';
import { ExportAnswer, type StreamResponse } from './export-answer.js';
import { parseExportQuery } from './export-request.js';
import { ExportService } from './export.service.js';

/** Every matching trial as a file. */
@Controller('trials/export')
@UseFilters(MetadataExceptionFilter)
export class ExportController {
  private readonly logger = new Logger(ExportController.name);

  constructor(private readonly exports: ExportService) {}

  @Get()
  async export(
    @CurrentUser() user: unknown,
    @QueryParameters() parameters: URLSearchParams,
    @Req() { method }: { readonly method: string },
    @Res() response: StreamResponse,
  ): Promise<void> {
    const request = parseExportQuery(parameters);
    const answer = new ExportAnswer(response, request.format);
    // Nothing would be sent of all that was read.
    if (method === 'HEAD') return void answer.open().end();
    try {
      await this.exports.export(request, user, answer);
    } catch (error) {
      // A client that is gone cannot be told anything.
      if (answer.signal.aborted) return;
      if (!answer.isOpen) throw error;
      this.logger.error('An export broke off.', error instanceof Error ? error.stack : String(error));
      answer.cut();
    }
  }
}
