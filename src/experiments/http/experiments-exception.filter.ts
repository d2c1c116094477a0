import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { sendProblem, type AdapterResponse } from '../../metadata/index.js';
import { ExperimentsError } from '../experiments.errors.js';
import { experimentsProblem } from './experiments-problem.js';

/** Answers the errors about projects, experiments and trials as problem details, like the plugin's. */
@Catch(ExperimentsError)
export class ExperimentsExceptionFilter implements ExceptionFilter<ExperimentsError> {
  catch(error: ExperimentsError, host: ArgumentsHost): void {
    sendProblem(host.switchToHttp().getResponse<AdapterResponse>(), experimentsProblem(error));
  }
}
