import type { FieldIndex, IndexAdvisorMode, IndexProposal } from '../../metadata/index.js';

/** What the master tells of its indexes. */
export interface ListedIndexes {
  readonly indexes: readonly FieldIndex[];
  readonly advisor: IndexAdvisorMode;
  readonly proposals: readonly IndexProposal[];
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Indexes and proposals as tables for a terminal. */
export function printIndexes({ indexes, advisor, proposals }: ListedIndexes): string {
  const existing =
    indexes.length === 0
      ? ['There are no indexes of fields.']
      : columns([
          ['field', 'kind', 'state', 'size', 'uses', 'made by'],
          ...indexes.map((index) => [
            index.field,
            index.kind,
            stateOf(index),
            sizeOf(index.bytes),
            String(index.uses),
            index.madeBy,
          ]),
        ]);
  const proposed =
    proposals.length === 0
      ? []
      : [
          '',
          'These would pay (npm run indexes -- build FIELD --kind KIND):',
          ...columns([
            ['field', 'kind', 'searches', 'slow', 'median', 'p95'],
            ...proposals.map(({ field, kind, searches, slow, medianMs, p95Ms }) => [
              field,
              kind,
              String(searches),
              String(slow),
              `${medianMs} ms`,
              `${p95Ms} ms`,
            ]),
          ]),
        ];
  return `${[...existing, `The advisor is ${MODES[advisor]}.`, ...proposed].join('\n')}\n`;
}

const MODES: Readonly<Record<IndexAdvisorMode, string>> = {
  off: 'off (INDEX_ADVISOR)',
  propose: 'proposing',
  build: 'building',
};

/** E.g. `34.2 MiB`. */
export function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const size = bytes / 1024 ** power;
  return `${power === 0 ? size : size.toFixed(1)} ${UNITS[power] ?? 'B'}`;
}

function stateOf({ state, progress }: FieldIndex): string {
  return progress === undefined ? state : `${state}, ${Math.floor(progress * 100)}%`;
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<readonly number[]>(
    (most, row) => row.map((text, index) => Math.max(text.length, most[index] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
