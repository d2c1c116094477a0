import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { sendProblem, type AdapterResponse } from '../../metadata/index.js';
import { DescribeErrorService } from './describe-error.service.js';
import { errorAnswer } from './error-body.js';

/** Answers every error on a route of Determined's in its shape, the host's guards' too. */
@Catch()
@Injectable()
export class DeterminedExceptionFilter implements ExceptionFilter {
  constructor(private readonly errors: DescribeErrorService) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<AdapterResponse>();
    sendProblem(response, errorAnswer(this.errors.describe(error, response)));
  }
}
