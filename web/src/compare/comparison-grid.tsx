import { Anchor, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement, type ReactNode } from 'react';
import type { ComparedField } from '../api/compare.js';
import { EMPTY_OBJECT, type TrialRow } from '../api/trial.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { withCondition } from '../filter/wire.js';
import type { GridColumn, GridRow } from '../grid/column.js';
import { DataGrid, type CellPick } from '../grid/data-grid.js';
import { plainText } from '../grid/format.js';
import { JsonNumber, writeJson } from '../shared/metadata.js';
import { CellMenu } from '../table/cell-menu.js';

interface ComparisonGridProps {
  readonly trials: readonly TrialRow[];
  readonly fields: readonly ComparedField[];
  readonly baseline: number | undefined;
  readonly onlyDifferences: boolean;
  readonly transposed: boolean;
  readonly q: string;
}

/** A field or a trial as a row. */
interface CompareRow extends GridRow {
  readonly field?: ComparedField;
  readonly trial?: TrialRow;
}

/** More columns than this are more than anybody reads. */
const MAX_COLUMNS = 200;
const HEAD = '@head';
const NO_WIDTHS = {};

/** Fields as rows and trials as columns, or the other way round; what differs is marked. */
export function ComparisonGrid(props: ComparisonGridProps): ReactElement {
  const { trials, fields, baseline, onlyDifferences, transposed, q } = props;
  const navigate = useNavigate();
  const [pick, setPick] = useState<CellPick<CompareRow> | null>(null);
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>(NO_WIDTHS);
  const shown = useMemo(
    () => fields.filter((field) => (!onlyDifferences || field.differs) && found(field, q)),
    [fields, onlyDifferences, q],
  );
  const { rows, columns } = useMemo(
    () => (transposed ? trialsAsRows(trials, shown, baseline) : fieldsAsRows(trials, shown, baseline)),
    [trials, shown, baseline, transposed],
  );
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
        onPick={(picked) => {
          if (picked.column.field !== HEAD) setPick(picked);
        }}
        rowLink={headCell}
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
) {
  const marked = marker(fields, baseline);
  const head: GridColumn = {
    field: HEAD,
    label: 'Field',
    hostType: 'text',
    width: 280,
    sortable: false,
    read: (row: CompareRow) => (row.field === undefined ? undefined : fieldLabel(row.field.field)),
  };
  const columns = trials.map((trial): GridColumn => ({
    field: `@trial-${trial.id}`,
    label: `${trial.id === baseline ? 'Baseline: ' : ''}Trial ${trial.id}`,
    hostType: null,
    width: 190,
    sortable: false,
    read: (row: CompareRow) => row.field?.values.get(trial.id)?.value,
    marked: (row: CompareRow) => marked(row.field, trial.id),
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
    read: (row) => new JsonNumber(String(row.id)),
  };
  const columns = fields.slice(0, MAX_COLUMNS).map((field): GridColumn => ({
    field: field.field,
    label: fieldLabel(field.field),
    hostType: null,
    width: 180,
    sortable: false,
    read: (row) => field.values.get(row.id)?.value,
    marked: (row) => marked(field, row.id),
  }));
  const rows = trials.map((trial): CompareRow => ({
    id: trial.id,
    trial,
    metadata: EMPTY_OBJECT,
    item: EMPTY_OBJECT,
  }));
  return { rows, columns: [head, ...columns] };
}

type Marked = (field: ComparedField | undefined, trialId: number) => boolean;

/** Against a baseline, what differs from it is marked; without one, every value but the commonest of its field. */
function marker(fields: readonly ComparedField[], baseline: number | undefined): Marked {
  const usual = new Map(fields.map((field) => [field, commonest(field)]));
  return (field, trialId) => {
    if (field === undefined || !field.differs) return false;
    if (baseline !== undefined) return field.values.get(trialId)?.differs === true;
    return textAt(field, trialId) !== usual.get(field);
  };
}

function commonest(field: ComparedField): string {
  const counts = new Map<string, number>();
  for (const id of field.values.keys())
    counts.set(textAt(field, id), (counts.get(textAt(field, id)) ?? 0) + 1);
  const [best] = [...counts].reduce<readonly [string, number]>(
    (top, entry) => (entry[1] > top[1] ? entry : top),
    ['', 0],
  );
  return best;
}

function textAt(field: ComparedField, trialId: number): string {
  const value = field.values.get(trialId)?.value;
  return value === undefined ? '' : writeJson(value);
}

function found(field: ComparedField, q: string): boolean {
  const text = q.trim().toLowerCase();
  if (text === '' || fieldLabel(field.field).toLowerCase().includes(text)) return true;
  return [...field.values.values()].some(
    ({ value }) =>
      value !== undefined && plainText(value, Number.MAX_SAFE_INTEGER).toLowerCase().includes(text),
  );
}

function headCell(row: CompareRow, column: GridColumn): ReactNode | undefined {
  if (column.field !== HEAD || row.trial === undefined) return undefined;
  return (
    <Anchor
      size="sm"
      tabIndex={-1}
      renderRoot={(props) => <Link to="/trials/$trialId" params={{ trialId: row.id }} {...props} />}
    >
      Trial {row.id}
    </Anchor>
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
