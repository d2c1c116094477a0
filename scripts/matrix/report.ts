import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import type { RunnerRun } from './run-runner.js';
import type { SmokeRun } from './run-smoke.js';

/** What ran on one choice of versions. */
interface Row {
  readonly cells: readonly string[];
  readonly runs: SmokeRun[];
}

const HEADS = ['NestJS', '@nestjs/typeorm', 'TypeORM', 'PostgreSQL', 'Node.js', 'runs', 'result'];

/** The runs as a Markdown table, one row for each choice of versions; the runs are kinds of module × adapters. */
export function matrixTable(runs: readonly SmokeRun[]): string {
  const rows = new Map<string, Row>();
  for (const run of runs) {
    const { versions } = run.project;
    const cells = [
      versions['@nestjs/core'],
      versions['@nestjs/typeorm'],
      versions['typeorm'],
      run.server.version,
      run.node.version,
    ].map(String);
    const key = cells.join(' ');
    const row = rows.get(key) ?? { cells, runs: [] };
    row.runs.push(run);
    rows.set(key, row);
  }
  const lines = [...rows.values()].map(({ cells, runs: done }) => {
    const failed = done.filter(({ failure }) => failure !== undefined);
    const result =
      failed.length === 0
        ? 'passed'
        : `failed: ${failed.map(({ kind, adapter }) => `${kind} on ${adapter}`).join(', ')}`;
    return [...cells, String(done.length), result];
  });
  return table([HEADS, ...lines]);
}

/** How a host's tests ended, one row for each runner. */
export function runnerTable(runs: readonly RunnerRun[]): string {
  const rows = runs.map(({ runner, versions, node, failure }) => [
    runner,
    versions['@nestjs/core'] ?? '',
    versions['typeorm'] ?? '',
    node.version,
    failure === undefined ? 'passed' : 'failed',
  ]);
  return table([['runner', 'NestJS', 'TypeORM', 'Node.js', 'result'], ...rows]);
}

/** Rows as a Markdown table, the first of them its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Rows of a table that is written already, with those that ran in the place of the same major's. */
export function mergeCores(written: string, ran: readonly (readonly [string, string])[]): string {
  const rows = new Map<number, readonly string[]>();
  for (const line of written.split('\n')) {
    const [version = '', result = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (/^\d/.test(version)) rows.set(majorOf(version), [version, result]);
  }
  for (const [version, result] of ran) rows.set(majorOf(version), [version, result]);
  const sorted = [...rows].toSorted(([one], [other]) => one - other).map(([, cells]) => cells);
  return table([['PostgreSQL', 'core suites'], ...sorted]);
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/**
 * Puts a table between the marks of its name in a page of the docs.
 * @param textOf gives the table, of what stands there
 * @throws Error when the page has no such marks
 */
export async function writeTable(
  file: string,
  name: string,
  textOf: (written: string) => string,
): Promise<void> {
  const page = await readFile(file, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(end);
  if (from < begin.length || to < from)
    throw new Error(`${file} has no place for ${name}: ${begin} … ${end}`);
  const changed = `${page.slice(0, from)}\n\n${textOf(page.slice(from, to))}\n\n${page.slice(to)}`;
  await writeFile(file, await format(changed, { ...(await resolveConfig(file)), filepath: file }));
}
