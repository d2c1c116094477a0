import { groupedReports, type GroupedReport } from './grouped-reports.js';
import { metadataTableNames } from './metadata-tables.js';
import type { PreparedStatements } from './prepared-statements.js';
import type { WriteRow } from './write-statement.js';

const TABLES = metadataTableNames(
  { table: 'trials', schema: undefined, column: 'id', type: 'bigint' },
  undefined,
);
const ROW = { metadata: '{}', revision: 1 } as unknown as WriteRow; // what is written is of no matter here

function report(trialId: number): GroupedReport {
  const write = {
    mode: 'merge',
    document: '{}',
    author: null,
    source: 'report',
    ifRevision: undefined,
    limits: null,
  } as const;
  return { trialId, size: 2, isTold: false, write };
}

describe('groupedReports', () => {
  it.each([
    ['asks a server that takes no groups once', '0A000', 1],
    ['asks again after another refusal', '40P01', 2],
  ])('%s, and writes alone', async (_, code, asked) => {
    const refused: string[] = [];
    const run = (text: string) => {
      refused.push(text);
      return Promise.reject(Object.assign(new Error('refused'), { code }));
    };
    const alone: unknown[] = [];
    const writeAlone = async ({ trialId }: GroupedReport) => {
      alone.push(trialId);
      await Promise.resolve();
      return ROW;
    };
    const queue = groupedReports(TABLES, true, { run } as unknown as PreparedStatements, writeAlone);
    // The first of each three goes at once, the other two are a group.
    for (const first of [1, 4]) {
      const reports = [first, first + 1, first + 2].map((id) => queue.write(report(id)));
      expect(await Promise.all(reports)).toEqual([ROW, ROW, ROW]);
    }
    expect(alone).toEqual([1, 2, 3, 4, 5, 6]);
    expect(refused).toHaveLength(asked);
  });
});
