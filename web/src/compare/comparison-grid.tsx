import { Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement, type ReactNode } from 'react';
import type { ComparedField } from '../api/compare.js';
import { EMPTY_OBJECT, type TrialRow } from '../api/trial.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { withCondition } from '../filter/wire.js';
import { gridColumn, type GridColumn, type GridRow } from '../grid/column.js';
import { DataGrid, type CellPick } from '../grid/data-grid.js';
import { plainText } from '../grid/format.js';
import { JsonNumber, writeJson } from '../shared/metadata.js';
import { CellMenu } from '../table/cell-menu.js';
import { TrialLink } from '../trials/trial-link.js';
import { trialMember } from '../trials/trial-table.js';
import { marker } from './marker.js';
import { tellApart } from './tell-apart.js';
import { DropTrial, secondsOf, TrialHeading } from './trial-heading.js';

interface ComparisonGridProps {
  readonly trials: readonly TrialRow[];
  readonly fields: readonly ComparedField[];
  readonly baseline: number | undefined;
  readonly onlyDifferences: boolean;
  readonly transposed: boolean;
  readonly q: string;
  /** Takes a trial out of the comparison; undefined where it is the only one. */
  readonly onDrop: ((trialId: number) => void) | undefined;
}

/** A field or a trial as a row. */
interface CompareRow extends GridRow {
  readonly field?: ComparedField;
  readonly trial?: TrialRow;
}

/** More columns than this are more than anybody reads. */
const MAX_COLUMNS = 200;
const HEAD = '@head';
const DURATION = '@duration';
const NO_WIDTHS = {};

/** Fields as rows and trials as columns, or the other way round; what differs is marked. */
export function ComparisonGrid(props: ComparisonGridProps): ReactElement {
  const { trials, fields, baseline, onlyDifferences, transposed, q, onDrop } = props;
  const navigate = useNavigate();
  const [pick, setPick] = useState<CellPick<CompareRow> | null>(null);
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>(NO_WIDTHS);
  const narrow = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false });
  const shown = useMemo(
    () => fields.filter((field) => (!onlyDifferences || field.differs) && found(field, q)),
    [fields, onlyDifferences, q],
  );
  const { rows, columns } = useMemo(
    () =>
      transposed
        ? trialsAsRows(trials, shown, baseline)
        : fieldsAsRows(trials, shown, baseline, narrow ? 140 : 280),
    [trials, shown, baseline, transposed, narrow],
  );
  const byColumn = useMemo(() => new Map(trials.map((trial) => [trialColumn(trial), trial])), [trials]);
  if (shown.length === 0) {
    return (
      <Text p="md" size="sm">
        {q !== ''
          ? `No field or value has "${q}" in it.`
          : onlyDifferences
            ? 'These trials do not differ in any field.'
            : 'These trials have no metadata.'}
      </Text>
    );
  }
  return (
    <>
      <DataGrid<CompareRow>
        label="Comparison"
        noun="row"
        columns={columns}
        rows={rows}
        totalRows={rows.length}
        sort={[]}
        pinned={[HEAD]}
        widths={widths}
        onWidths={setWidths}
        onPick={setPick}
        headLink={(column, focus) => {
          const trial = byColumn.get(column.field);
          return trial === undefined ? undefined : (
            <TrialHeading trial={trial} isBaseline={trial.id === baseline} focus={focus} onDrop={onDrop} />
          );
        }}
        rowLink={(row, column) => headCell(row, column, onDrop)}
        onEndReached={nothing}
        stale={false}
      />
      <CellMenu
        pick={pick === null ? null : named(pick)}
        noun="trial"
        onClose={() => setPick(null)}
        onFilter={(added) =>
          void navigate({ to: '/trials', search: { filter: writeJson(withCondition(null, added)) } })
        }
        onOpen={(row) => void navigate({ to: '/trials/$trialId', params: { trialId: row.id } })}
      />
    </>
  );
}

function nothing(): void {
  // All rows are there.
}

function fieldsAsRows(
  trials: readonly TrialRow[],
  fields: readonly ComparedField[],
  baseline: number | undefined,
  headWidth: number,
) {
  const marked = marker(fields, baseline);
  const head: GridColumn = {
    field: HEAD,
    label: 'Field',
    hostType: 'text',
    width: headWidth,
    sortable: false,
    withoutMenu: true,
    read: (row: CompareRow) => (row.field === undefined ? undefined : fieldLabel(row.field.field)),
  };
  const texts = new Map(fields.map((field) => [field, tellApart(field)]));
  const columns = trials.map((trial): GridColumn => ({
    field: trialColumn(trial),
    label: `Trial ${trial.id}`,
    hostType: null,
    width: 190,
    sortable: false,
    read: (row: CompareRow) => row.field?.values.get(trial.id)?.value,
    marked: (row: CompareRow) => marked(row.field, trial.id),
    text: (row: CompareRow, room) =>
      row.field === undefined ? undefined : texts.get(row.field)?.(trial.id, room),
  }));
  const rows = fields.map((field, index): CompareRow => ({
    id: index,
    field,
    metadata: EMPTY_OBJECT,
    item: EMPTY_OBJECT,
  }));
  return { rows, columns: [head, ...columns] };
}

function trialsAsRows(
  trials: readonly TrialRow[],
  fields: readonly ComparedField[],
  baseline: number | undefined,
) {
  const marked = marker(fields, baseline);
  const head: GridColumn = {
    field: HEAD,
    label: 'Trial',
    hostType: 'number',
    width: 120,
    sortable: false,
    withoutMenu: true,
    read: (row) => new JsonNumber(String(row.id)),
  };
  const duration: GridColumn = {
    field: DURATION,
    label: 'Duration',
    hostType: 'seconds',
    width: 110,
    sortable: false,
    withoutMenu: true,
    read: (row: CompareRow) => {
      const seconds = row.trial === undefined ? null : secondsOf(row.trial);
      return seconds === null ? undefined : new JsonNumber(String(seconds));
    },
  };
  const about = [
    ...['experiment.name', 'trial.state'].map((field) => ({
      ...gridColumn(field, trialMember),
      sortable: false,
    })),
    duration,
  ];
  const columns = fields.slice(0, MAX_COLUMNS).map((field): GridColumn => {
    const text = tellApart(field);
    return {
      field: field.field,
      label: fieldLabel(field.field),
      hostType: null,
      width: 180,
      sortable: false,
      read: (row) => field.values.get(row.id)?.value,
      marked: (row) => marked(field, row.id),
      text: (row, room) => text(row.id, room),
    };
  });
  const rows = trials.map((trial): CompareRow => ({
    id: trial.id,
    trial,
    metadata: EMPTY_OBJECT,
    item: trial.item,
  }));
  return { rows, columns: [head, ...about, ...columns] };
}

function trialColumn({ id }: TrialRow): string {
  return `@trial-${id}`;
}

function found(field: ComparedField, q: string): boolean {
  const text = q.trim().toLowerCase();
  if (text === '' || fieldLabel(field.field).toLowerCase().includes(text)) return true;
  return [...field.values.values()].some(
    ({ value }) =>
      value !== undefined && plainText(value, Number.MAX_SAFE_INTEGER).toLowerCase().includes(text),
  );
}

function headCell(
  row: CompareRow,
  column: GridColumn,
  onDrop: ComparisonGridProps['onDrop'],
): ReactNode | undefined {
  if (column.field !== HEAD) return undefined;
  if (row.field !== undefined) {
    const label = fieldLabel(row.field.field);
    return (
      <span dir="auto" title={label}>
        {label}
      </span>
    );
  }
  return (
    <>
      <TrialLink trialId={row.id} />
      <DropTrial trialId={row.id} onDrop={onDrop} tabIndex={-1} />
    </>
  );
}

/** The pick as the menu needs it: the column named by its field, the row by its trial. */
function named(pick: CellPick<CompareRow>): CellPick<CompareRow> {
  const { row, column, element } = pick;
  if (row.field === undefined) return pick;
  const trialId = Number(column.field.slice('@trial-'.length));
  const value = column.read(row);
  return {
    element,
    row: { ...row, id: trialId },
    column: { ...column, field: row.field.field, label: fieldLabel(row.field.field), read: () => value },
  };
}
