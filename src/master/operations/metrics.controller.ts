import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiForbiddenResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../access/http/public.decorator.js';
import { Metrics } from './metrics.js';
import { MetricsGuard } from './metrics.guard.js';

/** The metrics in Prometheus' text format. */
@ApiTags('operations')
@ApiBearerAuth()
@Public()
@UseGuards(MetricsGuard)
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    description:
      'Needs the token of an administrator or METRICS_TOKEN, unless METRICS_PUBLIC is on: the numbers tell of every project.',
  })
  @ApiUnauthorizedResponse({ description: 'No token, or one that does not count.' })
  @ApiForbiddenResponse({ description: 'Not an administrator’s token.' })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  async read(@Res() response: Response): Promise<void> {
    const text = await this.metrics.registry.metrics();
    response.setHeader('Content-Type', this.metrics.registry.contentType);
    response.setHeader('Cache-Control', 'no-store');
    response.end(text);
  }
}
