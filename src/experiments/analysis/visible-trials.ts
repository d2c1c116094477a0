import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  bind,
  FieldIndexesService,
  lookedUpByText,
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
import { asksForExperiments } from '../search/few-experiments.js';
import { TRIAL_SOURCE, trialsInScope } from '../search/trial-source.js';
import { runUntilAborted } from './run-until-aborted.js';
import type { TrialSet } from './trial-set.js';
import { visibleDocuments, type VisibleDocuments } from './visible-documents.js';

/** What an analysis reads with: one snapshot of the database, and no trial that the user may not see. */
export interface TrialReading {
  readonly run: RunSql;
  readonly tables: MetadataTables;
  /** FROM and WHERE of the visible trials of the set; `columns` are those used beside the filter's. */
  readonly matching: (columns?: Iterable<Column>) => MatchingTrials;
  /** The same as documents alone; undefined where that cannot be, or is no quicker. */
  readonly documents: () => Promise<VisibleDocuments | undefined>;
}

/** Gives analyses access to the trials that a user may see. */
@Injectable()
export class VisibleTrials {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly access: ProjectAccess,
    private readonly indexes: FieldIndexesService,
  ) {}

  /**
   * @param set the trials that the work is about
   * @param signal ends the statement that runs when it is aborted, and refuses further ones
   * @throws DatabaseBusyError when a statement takes longer than the statement timeout
   */
  async read<T>(
    user: unknown,
    set: TrialSet,
    work: (reading: TrialReading) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const visibleProjects = await this.access.visibleProjects(user);
    const indexes = await this.indexes.current();
    const { dataSource, tables } = this;
    const { trialIds, filter } = set;
    const scope = trialsInScope({ ...set, visibleProjects });
    const restriction =
      trialIds === undefined ? scope : sql`"trial"."id" = ANY (${bind(trialIds, 'bigint[]')}) AND ${scope}`;
    const isOfAll = trialIds === undefined && !asksForExperiments(filter, { ...set, visibleProjects });
    const begin = async (run: RunSql): Promise<T> => {
      const rows = isOfAll ? await lookedUpByText({ filter, tables, indexes }, run) : undefined;
      const hasDocuments = trialIds === undefined && rows === undefined;
      return await work({
        run,
        tables,
        matching: (columns = []) =>
          matchingTrials({ source: TRIAL_SOURCE, tables, filter, restriction, columns, rows }),
        documents: async () =>
          hasDocuments ? await visibleDocuments(filter, { ...set, visibleProjects }, tables, run) : undefined,
      });
    };
    return readReplica(dataSource, this.options.statementTimeout, async (run) => {
      if (signal === undefined) return begin(run);
      return runUntilAborted(dataSource, run, signal, begin);
    });
  }
}
