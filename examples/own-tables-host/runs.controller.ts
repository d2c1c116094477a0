import { Body, Controller, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  columnCatalog,
  MetadataExceptionFilter,
  MetadataQueryBuilder,
  trustedSql,
} from 'nestjs-trial-metadata';
import { Repository } from 'typeorm';
import type { Member } from './member.guard.js';
import { Run } from './run.entity.js';

/** What filters and sorts of this host may name beside metadata. */
const COLUMNS = columnCatalog([
  { name: 'run.title', type: 'text', sql: trustedSql('"run"."title"'), item: 'title', owner: 'trial' },
]);

interface RunSearch {
  readonly filter?: unknown;
  readonly sort?: unknown;
}

/** The host's own routes. */
@Controller('runs')
export class RunsController {
  constructor(
    @InjectRepository(Run) private readonly runs: Repository<Run>,
    private readonly metadataQuery: MetadataQueryBuilder,
  ) {}

  @Post()
  create(
    @Req() { user }: { readonly user: Member },
    @Body() { title }: { readonly title: string },
  ): Promise<Run> {
    return this.runs.save(this.runs.create({ title, team: user.team }));
  }

  /** The host's query, with its own condition, and in it the filter and the sort that came in. */
  @Post('search')
  @HttpCode(200)
  @UseFilters(MetadataExceptionFilter)
  search(@Req() { user }: { readonly user: Member }, @Body() { filter, sort }: RunSearch): Promise<Run[]> {
    const builder = this.runs.createQueryBuilder('run').where('run.team = :team', { team: user.team });
    return this.metadataQuery
      .apply(builder, { trialId: 'run.key', filter, sort, columns: COLUMNS })
      .limit(40)
      .getMany();
  }
}
