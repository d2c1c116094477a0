import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Logger, Post, Req, Res, UseFilters } from '@nestjs/common';
import { MetadataError, MetadataExceptionFilter } from '../../metadata/index.js';
import { CurrentUser } from '../http/current-user.decorator.js';
import { ImportService } from './import.service.js';
import { openImportBody } from './open-import-body.js';
import { writeImportEvent, writeImportFailure } from './write-import-event.js';

/** Milliseconds in which a client may notice that the import has failed, before its connection is cut. */
const PATIENCE = 5_000;

/** Bulk import over HTTP: JSON Lines in, JSON Lines out, both as streams. For hosts on Express. */
@Controller('import')
@UseFilters(MetadataExceptionFilter)
export class ImportController {
  private readonly logger = new Logger(ImportController.name);

  constructor(private readonly imports: ImportService) {}

  @Post()
  async import(
    @CurrentUser() user: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const chunks = openImportBody(request);
    response.writeHead(200, {
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Cache-Control': 'no-store',
      // Asks nginx not to hold the answer back until it is whole.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    try {
      await pipeline(Readable.from(this.answer(user, chunks, request)), response);
    } catch {
      // The client went away: there is nobody to tell.
    }
    if (!request.readableEnded) dismiss(request);
  }

  private async *answer(
    user: unknown,
    chunks: AsyncIterable<Uint8Array>,
    request: IncomingMessage,
  ): AsyncGenerator<string> {
    try {
      for await (const event of this.imports.run(user, chunks)) yield writeImportEvent(event);
    } catch (error) {
      const isExpected = error instanceof MetadataError || request.destroyed;
      if (!isExpected)
        this.logger.error('An import failed.', error instanceof Error ? error.stack : String(error));
      yield writeImportFailure(error);
    }
  }
}

/** Passes over what the client still sends, so that it gets to read the answer, but not for ever. */
function dismiss(request: IncomingMessage): void {
  const cut = setTimeout(() => request.destroy(), PATIENCE).unref();
  request.once('close', () => clearTimeout(cut));
  request.resume();
}
