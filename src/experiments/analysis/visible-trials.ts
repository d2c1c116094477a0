import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  bind,
  matchingTrials,
  METADATA_OPTIONS,
  METADATA_TABLES,
  readReplica,
  sql,
  type CheckedMetadataOptions,
  type Column,
  type MatchingTrials,
  type MetadataTables,
  type RunSql,
} from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { ProjectAccess } from '../project-access.js';
import { TRIAL_SOURCE, trialsInScope } from '../search/trial-source.js';
import { runUntilAborted } from './run-until-aborted.js';
import type { TrialSet } from './trial-set.js';
import { visibleDocuments, type VisibleDocuments } from './visible-documents.js';

/** What an analysis reads with: one snapshot of the database, and no trial that the user may not see. */
export interface TrialReading {
  readonly run: RunSql;
  readonly tables: MetadataTables;
  /** FROM and WHERE of the visible trials of the set; `columns` are those used beside the filter's. */
  readonly matching: (set: TrialSet, columns?: Iterable<Column>) => MatchingTrials;
  /** The same as documents alone; undefined where that cannot be, or is no quicker. */
  readonly documents: (set: TrialSet) => Promise<VisibleDocuments | undefined>;
}

/** Gives analyses access to the trials that a user may see. */
@Injectable()
export class VisibleTrials {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly access: ProjectAccess,
  ) {}

  /**
   * @param signal ends the statement that runs when it is aborted, and refuses further ones
   * @throws DatabaseBusyError when a statement takes longer than the statement timeout
   */
  async read<T>(
    user: unknown,
    work: (reading: TrialReading) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const visibleProjects = await this.access.visibleProjects(user);
    const { dataSource, tables } = this;
    const matching = (set: TrialSet, columns: Iterable<Column> = []): MatchingTrials => {
      const scope = trialsInScope({ ...set, visibleProjects });
      const restriction =
        set.trialIds === undefined
          ? scope
          : sql`"trial"."id" = ANY (${bind(set.trialIds, 'bigint[]')}) AND ${scope}`;
      return matchingTrials({ source: TRIAL_SOURCE, tables, filter: set.filter, restriction, columns });
    };
    const reading = (run: RunSql): TrialReading => ({
      run,
      tables,
      matching,
      documents: async (set) =>
        set.trialIds === undefined
          ? await visibleDocuments(set.filter, { ...set, visibleProjects }, tables, run)
          : undefined,
    });
    return readReplica(dataSource, this.options.statementTimeout, async (run) => {
      if (signal === undefined) return work(reading(run));
      return runUntilAborted(dataSource, run, signal, (stoppable) => work(reading(stoppable)));
    });
  }
}
