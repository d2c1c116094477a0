import type { Write } from './metadata-store.js';
import type { MetadataTableNames } from './metadata-tables.js';
import type { PreparedStatements } from './prepared-statements.js';
import { reportGroupStatement, type ReportGroupRow } from './report-group-statement.js';
import { ReportQueue, type QueuedReport } from './report-queue.js';
import { isRefusal, sqlStateOf } from './sql-state.js';
import type { WriteRow } from './write-statement.js';

/** A report that is at no revision in particular, and belongs to no transaction of the caller's. */
export interface GroupedReport extends QueuedReport {
  readonly write: Write;
  /** Whether what was replaced and added is wanted. */
  readonly isTold: boolean;
}

/** Measured with 8 and 64 writers: two or three writes at once make the groups smaller, and no report faster. */
const LIMITS = { atOnce: 1, reports: 64, size: 256 * 1024, patience: 100 } as const;

/** A server that spreads the table over others, as Citus does, locks one trial at a time and refuses a group for ever. */
const FEATURE_NOT_SUPPORTED = '0A000';

/**
 * A queue whose groups are one statement each. What a group cannot settle, or is refused for, is written alone; a server that
 * takes no groups gets none any more.
 */
export function groupedReports(
  tables: MetadataTableNames,
  listed: boolean,
  prepared: PreparedStatements,
  writeAlone: (report: GroupedReport) => Promise<WriteRow>,
): ReportQueue<GroupedReport, WriteRow> {
  const statement = reportGroupStatement(tables, listed);
  let isTaken = true;

  async function writeTogether(
    reports: readonly GroupedReport[],
  ): Promise<readonly (WriteRow | undefined)[]> {
    if (!isTaken) return reports.map(() => undefined);
    const [first] = reports;
    // All come from one place, with the limits and the source that are in force there.
    const { limits, source } = first?.write ?? {};
    const isTold = reports.some((report) => report.isTold);
    const parameters = [
      ...[listOf(reports), new Date().toISOString(), source],
      ...[limits?.documentBytes, limits?.leafValues, isTold],
    ];
    try {
      const rows = await prepared.run<ReportGroupRow>(statement, parameters);
      const settled = new Map(rows.filter(isSettled).map((row) => [row.item, row]));
      return reports.map((_, item) => settled.get(item));
    } catch (error) {
      if (sqlStateOf(error) === FEATURE_NOT_SUPPORTED) isTaken = false;
      // Any one of them may be to blame. Nothing was written.
      if (isRefusal(error)) return reports.map(() => undefined);
      throw error;
    }
  }

  return new ReportQueue({ writeAlone, writeTogether }, LIMITS);
}

function isSettled(row: ReportGroupRow): boolean {
  return row.free && (row.written || !row.changes || !row.fits);
}

function listOf(reports: readonly GroupedReport[]): string {
  const items = reports.map(({ trialId, write: { author, document } }, item) => {
    const names = `"item":${item},"trial":${JSON.stringify(trialId)},"author":${JSON.stringify(author)}`;
    return `{${names},"metadata":${document}}`;
  });
  return `[${items.join(',')}]`;
}
