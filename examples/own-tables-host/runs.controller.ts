import { Body, Controller, HttpCode, Inject, Post, Req, UseFilters } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  MetadataExceptionFilter,
  MetadataQueryBuilder,
  TRIAL_SOURCE,
  type TrialSource,
} from 'nestjs-trial-metadata';
import { Repository } from 'typeorm';
import type { Member } from './member.guard.js';
import { Run } from './run.entity.js';
import { Study } from './study.entity.js';

interface NewRun {
  readonly title: string;
  /** Number of its study; absent: none. */
  readonly study?: number;
}

interface RunSearch {
  readonly filter?: unknown;
  readonly sort?: unknown;
}

/** The host's own routes. */
@Controller()
export class RunsController {
  constructor(
    @InjectRepository(Run) private readonly runs: Repository<Run>,
    @InjectRepository(Study) private readonly studies: Repository<Study>,
    private readonly metadataQuery: MetadataQueryBuilder,
    @Inject(TRIAL_SOURCE) private readonly source: TrialSource,
  ) {}

  @Post('studies')
  createStudy(@Body() { topic }: { readonly topic: string }): Promise<Study> {
    return this.studies.save({ topic });
  }

  @Post('runs')
  create(@Req() { user }: { readonly user: Member }, @Body() { title, study }: NewRun): Promise<Run> {
    const of = study === undefined ? null : { number: study };
    return this.runs.save(this.runs.create({ title, team: user.team, study: of }));
  }

  /** The host's query, with its own condition, and in it the filter and the sort that came in. */
  @Post('runs/search')
  @HttpCode(200)
  @UseFilters(MetadataExceptionFilter)
  search(@Req() { user }: { readonly user: Member }, @Body() { filter, sort }: RunSearch): Promise<Run[]> {
    // The aliases are those of the module's source, whose columns are used here.
    const builder = this.runs
      .createQueryBuilder('trial')
      .leftJoinAndSelect('trial.study', 'experiment')
      .where('trial.team = :team', { team: user.team });
    return this.metadataQuery
      .apply(builder, { trialId: 'trial.key', filter, sort, columns: this.source.columns })
      .limit(40)
      .getMany();
  }
}
