import { Controller, Delete, Get, HttpCode, Patch, UseFilters, UseInterceptors } from '@nestjs/common';
import {
  ExactBody,
  ExactJsonInterceptor,
  MetadataExceptionFilter,
  PathParameter,
  MetadataService,
  type JsonValue,
} from '../metadata/index.js';
import { readObject } from './body/read-object.js';
import { trialAnswer, type TrialAnswer } from './dto/answers.js';
import { CHANGE_TRIAL } from './dto/bodies.js';
import { JSON_OR_MERGE_PATCH } from './http/content-types.js';
import { CurrentUser } from './http/current-user.decorator.js';
import { ExperimentsExceptionFilter } from './http/experiments-exception.filter.js';
import { parseId } from './http/parse-id.js';
import { TrialsService, type TrialInExperiment } from './trials.service.js';

/** Trials over HTTP; their metadata is written through the plugin's routes. */
@Controller('trials')
@UseFilters(MetadataExceptionFilter, ExperimentsExceptionFilter)
@UseInterceptors(ExactJsonInterceptor)
export class TrialsController {
  constructor(
    private readonly trials: TrialsService,
    private readonly metadata: MetadataService,
  ) {}

  /** Leaves `metadata` out of a trial that never had any, which Determined's clients tell from an empty document. */
  @Get(':trialId')
  async get(
    @CurrentUser() user: unknown,
    @PathParameter('trialId') id: string,
  ): Promise<{ readonly trial: Partial<TrialAnswer> }> {
    const found = await this.trials.get(user, parseId(id, 'trial'));
    const { metadata, revision } = await this.metadata.get(user, found.trial.id);
    const { metadata: _, ...trial } = trialAnswer(found.trial, found.experiment, metadata);
    return { trial: revision === 0 ? trial : { ...trial, metadata } };
  }

  @Patch(':trialId')
  async change(
    @CurrentUser() user: unknown,
    @PathParameter('trialId') id: string,
    @ExactBody(JSON_OR_MERGE_PATCH) body: JsonValue,
  ): Promise<{ readonly trial: TrialAnswer }> {
    const change = readObject(body, CHANGE_TRIAL);
    return await this.answer(user, await this.trials.change(user, parseId(id, 'trial'), change));
  }

  @Delete(':trialId')
  @HttpCode(204)
  async delete(@CurrentUser() user: unknown, @PathParameter('trialId') id: string): Promise<void> {
    await this.trials.delete(user, parseId(id, 'trial'));
  }

  private async answer(
    user: unknown,
    { trial, experiment }: TrialInExperiment,
  ): Promise<{ readonly trial: TrialAnswer }> {
    const { metadata } = await this.metadata.get(user, trial.id);
    return { trial: trialAnswer(trial, experiment, metadata) };
  }
}
