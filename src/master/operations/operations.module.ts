import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AccessModule } from '../access/access.module.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { ProblemReasonInterceptor } from './problem-reason.interceptor.js';

/** What whoever runs the master sees of it: `/metrics`, and the reasons in the log. */
@Module({
  imports: [AccessModule],
  controllers: [MetricsController],
  providers: [Metrics, { provide: APP_INTERCEPTOR, useClass: ProblemReasonInterceptor }],
  exports: [Metrics],
})
export class OperationsModule {}
