import { FINDINGS, GROWTH_FINDINGS, OPERAND_FINDINGS, REST_FINDING, WRITE_FINDING } from './findings.js';
import type { Growth } from './growth.js';
import type { Machine } from './machine.js';
import type { Timing } from './measure.js';
import type { OperandFigures, OperandIndex } from './operands.js';
import type { QueryFigures } from './run-queries.js';
import type { WriteFigures } from './run-writes.js';
import { totalOf, type TableSize } from './sizes.js';
import type { Speed } from './speed.js';

/** All figures of a run. */
export interface BenchResults {
  readonly machine: Machine;
  readonly trials: number;
  readonly queries: readonly QueryFigures[];
  /** Of MLflow's own server; absent: it was not asked for. */
  readonly mlflow?: string | undefined;
  readonly throughput: Timing & { readonly perSecond: number; readonly clients: number };
  readonly writes: readonly WriteFigures[];
  readonly sizes: readonly TableSize[];
  readonly operands: readonly OperandFigures[];
  readonly indexes: readonly OperandIndex[];
  readonly growth: Growth;
  readonly speed: { readonly before: Speed; readonly after: Speed };
}

/** The results as a page. */
export function writeReport(results: BenchResults): string {
  const { machine, trials, queries, operands, indexes, throughput, writes, sizes, growth, speed } = results;
  const hasMlflow = queries.some(({ Drest }) => Drest !== undefined);
  const settings = Object.entries(machine.settings).map(([name, value]) => `${name} ${value}`);
  return [
    `# Benchmark: ${number(trials)} trials`,
    `_Written by \`npm run bench -- --trials ${trials}\`._`,
    `Medians in milliseconds, the 95th percentile in brackets. **A** is Determined's schema and SQL, **B** ours: the statements that the product sends, and through REST on a running master; **C** is a typed and indexed column for each key, the floor; **D** MLflow's schema. A page is 40 trials with experiment and metadata, without the archived ones. All sides' statements are prepared, B's where the product does so. Values of a field, and totals of one value, are answered from summaries, made when they are first asked for. The master has answered 13,000 searches before.`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; PostgreSQL ${machine.postgres} (${settings.join(', ')}), Node.js ${machine.node}. Load when the run began: ${machine.load}${machine.load > 0.5 ? ' (others worked on these cores too: take the ratios, not the figures)' : ''}.`,
    `How fast the machine was, to compare runs by: adding 400 million numbers in Node.js ${span(speed, 'node')}, adding 2 million numbers of JSON in PostgreSQL ${span(speed, 'postgres')}.`,
    ...(results.mlflow === undefined ? [] : [results.mlflow]),
    '## Queries',
    table(
      ['query', 'A', 'B', 'B, REST', 'C', 'D', ...(hasMlflow ? ['MLflow, REST'] : []), 'A/B', 'B/C', 'goal'],
      queries.map((query) => [
        query.name,
        ...[query.A, query.B, query.Brest, query.C, query.D, ...(hasMlflow ? [query.Drest] : [])].map(timing),
        ratio(query.A, query.B),
        ratio(query.B, query.C),
        verdict(query),
      ]),
    ),
    `Searches by ${throughput.clients} clients at once: ${number(throughput.perSecond)} a second, ${timing(throughput)} each (goal: 1,000 a second${throughput.perSecond >= 1_000 ? '' : ', **missed**: master, database and clients share the cores'}).`,
    '## Lucky and unlucky operands',
    `One page of 40 through REST, without a total. **Times** compares with the fastest of the same operator (goal: at most 10). The last two columns are measured once more with an index of the field, which a request builds while all goes on (\`PUT /metadata/indexes/:field\`) and which was dropped again: ${indexes.map(builtIndex).join(', ')}.`,
    table(
      ['operator', 'operand', 'on the page', 'B, REST', 'times', 'with its index', 'times'],
      operands.map((each) => [
        each.operator,
        each.operand,
        number(each.found),
        timing(each.Brest),
        timesFastest(each.Brest, each, operands).toFixed(1),
        timing(each.indexed),
        each.indexed === undefined ? '–' : timesFastest(each.indexed, each, operands).toFixed(1),
      ]),
    ),
    '## Growth',
    'Medians of B, SQL. A query that an index serves should take at most twice as long at the most trials as at the fewest; the others read all matches, or all documents.',
    table(
      ['query', ...growth.trials.map((count) => `${number(count)} trials`), 'growth', 'goal'],
      growth.queries.map((query) => [
        query.name,
        ...query.B.map(({ p50 }) => brief(p50)),
        ratio(query.B.at(-1), query.B[0]),
        growthVerdict(query, queries),
      ]),
    ),
    '## Writes, through REST with history',
    table(
      ['write', 'at a time', 'each', 'a second', 'goal'],
      writes.map((write) => [
        write.name,
        number(write.writers),
        timing(write.B),
        number(write.perSecond),
        writeVerdict(write),
      ]),
    ),
    ...(writes.some((write) => writeVerdict(write).includes('missed')) ? [WRITE_FINDING] : []),
    '## Size on disk',
    table(
      ['side', 'table, with its indexes', 'MB'],
      sizes.flatMap(({ side, name, bytes, indexes }) => [
        [side, name, megabytes(bytes)],
        ...indexes.map((index) => ['', `– ${index.name}`, megabytes(index.bytes)]),
      ]),
    ),
    `B / A: ${(totalOf(sizes, 'B') / totalOf(sizes, 'A')).toFixed(2)} (goal: at most 0.8).`,
    missed(results),
  ].join('\n\n');
}

/** A goal is in milliseconds for each, or in writes a second. */
function writeVerdict({ goal, B, perSecond }: WriteFigures): string {
  if (goal === undefined) return '–';
  const limit = Number.parseFloat(goal.replace(',', ''));
  const isReached = goal.endsWith(' ms') ? B.p50 <= limit : perSecond >= limit;
  return isReached ? goal : `${goal} **missed**`;
}

/** How many times as long an operand may take as the fastest of its operator. */
const UNLUCKY = 10;

function timesFastest({ p50 }: Timing, { operator }: OperandFigures, all: readonly OperandFigures[]): number {
  const fastest = Math.min(...all.filter((each) => each.operator === operator).map((each) => each.Brest.p50));
  return p50 / fastest;
}

function builtIndex({ field, kind, seconds, bytes }: OperandIndex): string {
  return `${kind} of ${field}, ${megabytes(bytes)} MB in ${seconds.toFixed(0)} s`;
}

function span({ before, after }: BenchResults['speed'], where: keyof Speed): string {
  return `${number(before[where])} ms before the run and ${number(after[where])} ms after it`;
}

/** How many times as long an indexed query may take at the most trials as at the fewest. */
const GROWTH = 2;

function growthVerdict({ name, B }: Growth['queries'][number], queries: readonly QueryFigures[]): string {
  if (queries.find((query) => query.name === name)?.readsAll === true) return '–';
  const [fewest, most] = [B[0]?.p50 ?? 0, B.at(-1)?.p50 ?? 0];
  const goal = GROWTH.toFixed(1);
  return most <= GROWTH * fewest ? goal : `${goal} **missed**`;
}

function missed({ queries, operands, growth }: BenchResults): string {
  const inSql = queries.filter((query) => verdict(query).replace(REST_MISSED, '').includes('missed'));
  const lines = inSql.map(({ name }) => `- ${name}: ${FINDINGS[name] ?? 'not explained yet.'}`);
  if (queries.some((query) => verdict(query).includes(REST_MISSED))) lines.push(`- REST: ${REST_FINDING}`);
  for (const each of operands.filter((one) => timesFastest(one.Brest, one, operands) > UNLUCKY)) {
    const name = `${each.operator}: ${each.operand}`;
    const { indexed } = each;
    const isMended = indexed !== undefined && timesFastest(indexed, each, operands) <= UNLUCKY;
    const mended = isMended ? ` With its index it takes ${brief(indexed.p50)} ms, and reaches the goal.` : '';
    lines.push(`- ${name}: ${OPERAND_FINDINGS[name] ?? 'not explained yet.'}${mended}`);
  }
  for (const query of growth.queries.filter((one) => growthVerdict(one, queries).includes('missed'))) {
    lines.push(`- ${query.name}, growth: ${GROWTH_FINDINGS[query.name] ?? 'not explained yet.'}`);
  }
  return lines.length === 0
    ? 'Every goal of the queries is reached.\n'
    : `## Goals that this run missed\n\n${lines.join('\n')}\n`;
}

const REST_MISSED = 'REST + 2 **missed**';

/** The goals of a page are in terms of the floor: twice as long, or 3 ms; through REST 2 ms more. */
function verdict({ goal, B, Brest, C }: QueryFigures): string {
  if (goal === undefined) return '–';
  const limit = goal === 'page' ? Math.max(3, 2 * (C?.p50 ?? 0)) : goal;
  const sql = `${limit.toFixed(1)}${B.p50 <= limit ? '' : ' **missed**'}`;
  return goal === 'page' && Brest.p50 - B.p50 > 2 ? `${sql}, ${REST_MISSED}` : sql;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function timing(figures: Timing | undefined): string {
  return figures === undefined ? '–' : `${brief(figures.p50)} (${brief(figures.p95)})`;
}

function brief(milliseconds: number): string {
  return milliseconds < 100 ? milliseconds.toFixed(1) : number(milliseconds);
}

function ratio(over: Timing | undefined, under: Timing | undefined): string {
  return over === undefined || under === undefined ? '–' : (over.p50 / under.p50).toFixed(1);
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
