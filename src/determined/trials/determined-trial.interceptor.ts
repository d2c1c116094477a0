import type { IncomingHttpHeaders } from 'node:http';
import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { defer, type Observable } from 'rxjs';
import { TrialsController, TrialsService } from '../../experiments/index.js';
import {
  METADATA_OPTIONS,
  MetadataService,
  SettledError,
  writeJson,
  type AdapterResponse,
  type CheckedMetadataOptions,
} from '../../metadata/index.js';
import { DescribeErrorService } from '../http/describe-error.service.js';
import { errorAnswer } from '../http/error-body.js';
import { readRunId } from '../runs/read-request.js';
import { isDeterminedClient } from './is-determined-client.js';
import { determinedTrial } from './trial-answer.js';

interface TrialRequest {
  readonly headers: IncomingHttpHeaders;
  readonly params: { readonly trialId: string };
}

/**
 * `GET /trials/:id` is a route of the experiments and one of Determined's. The two forms agree but for members that the
 * SDK reads by its own rules, above all the state: to the SDK this answers in Determined's form.
 */
@Injectable()
export class DeterminedTrialInterceptor implements NestInterceptor {
  constructor(
    private readonly trials: TrialsService,
    private readonly metadata: MetadataService,
    private readonly errors: DescribeErrorService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getClass() !== TrialsController || context.getHandler().name !== 'get') return next.handle();
    const request = context.switchToHttp().getRequest<TrialRequest>();
    const response = context.switchToHttp().getResponse<AdapterResponse>();
    response.header('Vary', 'Accept, User-Agent');
    if (!isDeterminedClient(request.headers)) return next.handle();
    return defer(() => this.answer(request, response));
  }

  private async answer(request: TrialRequest, response: AdapterResponse): Promise<string> {
    try {
      const user = this.options.user(request);
      const id = readRunId(request.params.trialId);
      const found = await this.trials.get(user, id);
      const trial = determinedTrial(found, await this.metadata.get(user, id));
      response.header('Content-Type', 'application/json; charset=utf-8');
      return writeJson({ trial });
    } catch (error) {
      // Thrown, since Nest gives what is returned the status of the handler.
      throw new SettledError(errorAnswer(this.errors.describe(error, response)));
    }
  }
}
