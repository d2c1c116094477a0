import { readFileSync } from 'node:fs';
import { baseOf, OPERATORS, type Operator } from '../../src/metadata/query/index.js';
import { VALUE_KINDS, type ValueKind } from './stored-values.js';

/** What was seen of an operator: for each kind of stored value, with which kinds of operand it was true at least once. */
export type Observed = ReadonlyMap<Operator, ReadonlyMap<ValueKind, ReadonlySet<ValueKind | undefined>>>;

/** A condition of the truth table, as text, and the names of the stored values that met it. */
export interface Truth {
  readonly condition: string;
  readonly matches: ReadonlySet<string>;
}

const PREFACE = `# Operators

_Written by \`test/query-operators.e2e-spec.ts\` from the table of operators and from what PostgreSQL answered. To renew it:_
\`UPDATE_DOCS=1 npm test -- test/query-operators\`

How conditions are put together, on which fields, and in a query string: [the filter language](filter-language.md).
`;

/** The page `docs/operators.md`. */
export function operatorsPage(
  observed: Observed,
  columns: readonly string[],
  truths: readonly Truth[],
): string {
  return [
    PREFACE,
    meanings(),
    kinds(observed),
    truthTable(columns, truths),
    readFileSync(new URL('./notes.md', import.meta.url), 'utf8'),
  ].join('\n');
}

function meanings(): string {
  const rows = operators().map((operator) => {
    const { operand, meaning } = OPERATORS[operator];
    return [`\`${operator}\``, OPERAND_WORDS[operand], meaning];
  });
  return `## What they mean\n\n${table(['operator', 'value', 'true when'], rows)}`;
}

const OPERAND_WORDS = {
  none: '–',
  any: 'any JSON value',
  string: 'a string',
  list: 'a list of values',
  pair: 'a list of two values',
} as const;

function kinds(observed: Observed): string {
  const rows = operators()
    .filter((operator) => !baseOf(operator).negated)
    .map((operator) => [
      `\`${operator}\``,
      ...VALUE_KINDS.map((kind) => cell(operator, observed.get(operator)?.get(kind) ?? new Set())),
    ]);
  return `## Which value meets which operand

Down: the operator. Across: the kind of the stored value (a _date_ is a string that is an ISO 8601 date or time). In the cell: the
kinds of operand with which the condition can be true; for an operator without operand, whether it is true for some value of the
kind. The negated operators are the complement of theirs, always.

${table(['', ...VALUE_KINDS], rows)}`;
}

function cell(operator: Operator, seen: ReadonlySet<ValueKind | undefined>): string {
  if (OPERATORS[operator].operand === 'none') return seen.size === 0 ? '–' : 'yes';
  const kinds = VALUE_KINDS.filter((kind) => seen.has(kind));
  return kinds.length === 0 ? '–' : kinds.join(', ');
}

function truthTable(columns: readonly string[], truths: readonly Truth[]): string {
  const rows = truths.map(({ condition, matches }) => [
    `\`${condition}\``,
    ...columns.map((column) => (matches.has(column) ? '✓' : '')),
  ]);
  return `## Truth table

Across: the value of the key. ✓ where the condition holds.

${table(['', ...columns.map((column) => (column.startsWith('no ') ? column : `\`${column}\``))], rows)}`;
}

function operators(): readonly Operator[] {
  return Object.keys(OPERATORS) as Operator[]; // the table's own keys
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return `${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}`;
}
