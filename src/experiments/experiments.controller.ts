import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Patch,
  Post,
  Req,
  Res,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import {
  ExactBody,
  ExactJsonInterceptor,
  MetadataExceptionFilter,
  PathParameter,
  RawJson,
  type AdapterResponse,
  type JsonValue,
} from '../metadata/index.js';
import { readObject } from './body/read-object.js';
import { experimentAnswer, trialAnswer, type ExperimentAnswer, type TrialAnswer } from './dto/answers.js';
import { CHANGE_EXPERIMENT, CREATE_EXPERIMENT, CREATE_TRIAL } from './dto/bodies.js';
import { ExperimentsService } from './experiments.service.js';
import { answerCreated, type CreatingRequest } from './http/answer-created.js';
import { JSON_OR_MERGE_PATCH } from './http/content-types.js';
import { CurrentUser } from './http/current-user.decorator.js';
import { ExperimentsExceptionFilter } from './http/experiments-exception.filter.js';
import { parseId } from './http/parse-id.js';
import { TrialsService } from './trials.service.js';

/** Experiments over HTTP, and the making of their trials. */
@Controller('experiments')
@UseFilters(MetadataExceptionFilter, ExperimentsExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class ExperimentsController {
  constructor(
    private readonly experiments: ExperimentsService,
    private readonly trials: TrialsService,
  ) {}

  @Post()
  async create(
    @CurrentUser() user: unknown,
    @Req() request: CreatingRequest,
    @ExactBody() body: JsonValue,
    @Res({ passthrough: true }) response: AdapterResponse,
  ): Promise<{ readonly experiment: ExperimentAnswer }> {
    const experiment = await this.experiments.create(user, readObject(body, CREATE_EXPERIMENT));
    answerCreated(request, response, /\/?$/, `/${experiment.id}`);
    return { experiment: experimentAnswer(experiment) };
  }

  @Post(':experimentId/trials')
  async createTrial(
    @CurrentUser() user: unknown,
    @Req() request: CreatingRequest,
    @PathParameter('experimentId') id: string,
    @ExactBody() body: JsonValue,
    @Res({ passthrough: true }) response: AdapterResponse,
  ): Promise<{ readonly trial: TrialAnswer }> {
    const experimentId = parseId(id, 'experiment');
    const { trial, experiment } = await this.trials.create(
      user,
      experimentId,
      readObject(body, CREATE_TRIAL),
    );
    answerCreated(request, response, /\/experiments\/[^/]+\/trials\/?$/i, `/trials/${trial.id}`);
    return { trial: trialAnswer(trial, experiment, new RawJson('{}')) };
  }

  @Get(':experimentId')
  async get(
    @CurrentUser() user: unknown,
    @PathParameter('experimentId') id: string,
  ): Promise<{ readonly experiment: ExperimentAnswer }> {
    return {
      experiment: experimentAnswer(await this.experiments.get(user, parseId(id, 'experiment'))),
    };
  }

  @Patch(':experimentId')
  async change(
    @CurrentUser() user: unknown,
    @PathParameter('experimentId') id: string,
    @ExactBody(JSON_OR_MERGE_PATCH) body: JsonValue,
  ): Promise<{ readonly experiment: ExperimentAnswer }> {
    const change = readObject(body, CHANGE_EXPERIMENT);
    return {
      experiment: experimentAnswer(await this.experiments.change(user, parseId(id, 'experiment'), change)),
    };
  }

  @Delete(':experimentId')
  @HttpCode(204)
  async delete(@CurrentUser() user: unknown, @PathParameter('experimentId') id: string): Promise<void> {
    await this.experiments.delete(user, parseId(id, 'experiment'));
  }
}
