import { buildIndex } from './build-index.js';
import { commitOf, COMMON_WORD, RARE_WORD } from './data-set.js';
import { time, type Timing } from './measure.js';
import type { Progress } from './progress.js';
import { condition, gpu, NEWEST, RUNTIME, trials } from './query-parts.js';
import type { RestClient } from './rest-client.js';

/** What one operand of an operator takes through REST, and how many of the first 40 matches there are. */
export interface OperandFigures {
  readonly operator: string;
  readonly operand: string;
  readonly found: number;
  readonly Brest: Timing;
  /** The same with an index of the field that serves it; absent: there is none that would. */
  readonly indexed?: Timing;
}

/** An index of a field that was built for {@link OperandFigures.indexed}, and dropped behind it. */
export interface OperandIndex extends ServingIndex {
  readonly seconds: number;
  readonly bytes: number;
}

interface ServingIndex {
  readonly field: string;
  readonly kind: 'values' | 'texts';
}

/** One search that differs from the others of its operator in how many match, and where in the order they stand. */
interface OperandCase {
  readonly operator: string;
  readonly operand: string;
  readonly filter: object;
  readonly sort?: readonly object[];
  readonly index?: ServingIndex;
}

const RATE: ServingIndex = { field: 'learning_rate', kind: 'values' };
const NOTE: ServingIndex = { field: 'note', kind: 'texts' };

const early = (field: string, value: unknown) => ({ field, operator: 'lte', value });
const and = (...filters: readonly object[]) => ({ and: filters });

/** Those that were thought of: many, few and no matches, matches at the far end of the order, and what no index serves. */
export function operandCases(count: number): readonly OperandCase[] {
  const is = 'is, newest first';
  const gt = 'gt on an indexed field, newest first';
  const slow = 'gt on a field without an index, newest first';
  const contains = 'contains, newest first';
  const sorted = 'contains, by an indexed number';
  const absent = 'isNot, isMissing, newest first';
  const note = (value: string) => condition('note', 'contains', value);
  return [
    { operator: is, operand: '1 in 6', filter: gpu },
    { operator: is, operand: 'one', filter: condition('commit', 'is', commitOf(Math.floor(count / 3))) },
    { operator: is, operand: 'none', filter: condition('hardware.gpu', 'is', 'none such') },
    { operator: is, operand: '1 in 6 of the oldest, by id', filter: and(gpu, early('trial.id', 2_000)) },
    {
      operator: is,
      operand: '1 in 6 of the oldest experiments',
      filter: and(gpu, early('experiment.id', 20)),
    },
    { operator: gt, operand: 'all', filter: condition('runtime_seconds', 'gt', -1) },
    { operator: gt, operand: 'few', filter: condition('runtime_seconds', 'gt', 99_990) },
    { operator: gt, operand: 'none', filter: condition('runtime_seconds', 'gt', 1e9) },
    { operator: slow, operand: 'all', filter: condition('learning_rate', 'gt', 0), index: RATE },
    { operator: slow, operand: 'few', filter: condition('learning_rate', 'lt', 1.0001e-6), index: RATE },
    { operator: contains, operand: 'half', filter: note(COMMON_WORD), index: NOTE },
    { operator: contains, operand: 'few', filter: note(RARE_WORD), index: NOTE },
    { operator: contains, operand: 'none', filter: note('unheard-of'), index: NOTE },
    { operator: contains, operand: 'none, of two letters', filter: note('zq'), index: NOTE },
    { operator: contains, operand: 'none, of another script', filter: note('źródło'), index: NOTE },
    { operator: contains, operand: 'none, common in another field', filter: note('nvidia'), index: NOTE },
    {
      operator: contains,
      operand: 'few, of common words',
      filter: note('clipping clipping clipping clipping'),
      index: NOTE,
    },
    { operator: contains, operand: 'none, of digits', filter: note('987654'), index: NOTE },
    { operator: contains, operand: 'digits', filter: condition('tags', 'contains', '17') },
    { operator: sorted, operand: 'half', filter: note(COMMON_WORD), sort: RUNTIME },
    { operator: sorted, operand: 'few', filter: note(RARE_WORD), sort: RUNTIME },
    { operator: absent, operand: 'isNot, most', filter: condition('hardware.gpu', 'isNot', 'NVIDIA A100') },
    {
      operator: absent,
      operand: 'isMissing, none',
      filter: { field: 'metadata.hardware.gpu', operator: 'isMissing' },
    },
  ];
}

/** Measures searches of one page through REST, without a total. */
export async function runOperands(
  count: number,
  rest: RestClient,
  progress: Progress,
): Promise<{ readonly operands: readonly OperandFigures[]; readonly indexes: readonly OperandIndex[] }> {
  const figures = new Map<OperandCase, OperandFigures>();
  const cases = operandCases(count);
  const ask = ({ filter, sort = NEWEST }: OperandCase) => rest.send(trials(filter, sort));
  for (const each of cases) {
    const { operator, operand } = each;
    const { items } = JSON.parse(await ask(each)) as { items: readonly unknown[] };
    const Brest = await time(() => ask(each));
    figures.set(each, { operator, operand, found: items.length, Brest });
    progress.say(`${operator}: ${operand}: ${Brest.p50.toFixed(1)}`);
  }
  const indexes: OperandIndex[] = [];
  for (const index of [RATE, NOTE]) {
    const seconds = (await buildIndex(rest, index.field, progress, index.kind)) / 1_000;
    indexes.push({ ...index, seconds, bytes: await bytesOf(index, rest) });
    for (const [each, without] of figures) {
      if (each.index !== index) continue;
      const indexed = await time(() => ask(each));
      figures.set(each, { ...without, indexed });
      progress.say(`${each.operator}: ${each.operand}, with its index: ${indexed.p50.toFixed(1)}`);
    }
    await rest.send({ method: 'DELETE', path: `/metadata/indexes/${index.field}?kind=${index.kind}` });
  }
  return { operands: [...figures.values()], indexes };
}

async function bytesOf({ field, kind }: ServingIndex, rest: RestClient): Promise<number> {
  const { indexes } = JSON.parse(await rest.send({ method: 'GET', path: '/metadata/indexes' })) as {
    readonly indexes: readonly (ServingIndex & { readonly bytes: number })[];
  };
  return indexes.find((index) => index.field === `metadata.${field}` && index.kind === kind)?.bytes ?? 0;
}
