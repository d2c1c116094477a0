import { Alert, Button, Group, Progress } from '@mantine/core';
import { IconArrowsSort, IconColumns, IconFilter } from '@tabler/icons-react';
import { Suspense, useCallback, useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { ApiError } from '../api/api-error.js';
import type { Search, SearchPage } from '../api/search.js';
import { lazily } from '../app/lazily.js';
import { QueryState } from '../app/query-state.js';
import type { HostField } from '../fields/host-fields.js';
import { isMetadataField } from '../fields/metadata-field.js';
import { countConditions } from '../filter/draft.js';
import { FilterChips } from '../filter/filter-chips.js';
import { useSeen } from '../filter/use-seen.js';
import { fromWire } from '../filter/from-wire.js';
import { condition, withCondition } from '../filter/wire.js';
import { gridColumn, type GridColumn, type GridRow } from '../grid/column.js';
import { DataGrid, type CellPick } from '../grid/data-grid.js';
import type { JsonValue } from '../shared/metadata.js';
import type { ViewState } from '../view/use-view.js';
import { ViewsMenu } from '../views/views-menu.js';
import { CellMenu } from './cell-menu.js';
import { differingColumns } from './differing-columns.js';
import { HeaderMenu } from './header-menu.js';
import { Hints } from './hints.js';
import { TotalText } from './total-text.js';
import { useDefaultColumns } from './use-default-columns.js';
import { useSearchRows } from './use-search-rows.js';
import toolbar from '../app/toolbar.module.css';
import classes from './search-table.module.css';

const FilterPanel = lazily(
  () => import('../filter/filter-panel.js'),
  (module) => module.FilterPanel,
);
const SortPanel = lazily(
  () => import('./sort-panel.js'),
  (module) => module.SortPanel,
);
const ColumnPicker = lazily(
  () => import('./column-picker.js'),
  (module) => module.ColumnPicker,
);

export interface SearchTableProps<Row extends GridRow> extends ViewState {
  /** One row, in words: `trial`. */
  readonly noun: 'trial' | 'experiment';
  /** Holds for every row, beside the filter that is shown; null for none. */
  readonly within?: JsonValue;
  readonly run: (search: Search, signal?: AbortSignal) => Promise<SearchPage<Row>>;
  /** Columns of the host's that are shown without being asked for. */
  readonly hostColumns: readonly string[];
  /** Columns that are always there, after the first. */
  readonly fixedColumns?: readonly GridColumn[];
  /** Says what the columns of metadata are of, before the first of them. */
  readonly sourceColumn?: GridColumn;
  readonly offered: (field: HostField) => boolean;
  /** The member of a row's item that carries a host column. */
  readonly memberOf: (field: string) => string | undefined;
  readonly rowLink: (row: Row, column: GridColumn) => ReactNode | undefined;
  readonly onOpen: (row: Row, column: GridColumn) => void;
  readonly selection?: ReadonlySet<number>;
  readonly onSelection?: (selection: ReadonlySet<number>) => void;
  /** Buttons at the end of the toolbar. */
  readonly actions: (search: Search, columns: readonly string[]) => ReactNode;
}

/** A table over a search: its filter, order and columns with their panels, and the rows. */
export function SearchTable<Row extends GridRow>(props: SearchTableProps<Row>): ReactElement {
  const { view, change, noun, within = null, run, fixedColumns = [], sourceColumn, memberOf } = props;
  const [panel, setPanel] = useState<'filter' | 'sort' | null>(null);
  const filterSeen = useSeen(panel === 'filter');
  const filterButton = useRef<HTMLButtonElement>(null);
  const [picking, setPicking] = useState(false);
  const [pick, setPick] = useState<CellPick<Row> | null>(null);
  // Who looks at an empty table without a filter waits for its first rows.
  const awaited = view.filter === null;
  const defaults = useDefaultColumns({
    projectId: view.projectId,
    hostColumns: props.hostColumns,
    within,
    archived: view.archived,
    awaited: awaited && view.columns === undefined,
  });
  const fields = view.columns ?? defaults;

  const search = useMemo((): Search | null => {
    if (fields === null) return null;
    const filter =
      within === null ? view.filter : view.filter === null ? within : withCondition(within, view.filter);
    return {
      projectId: view.projectId,
      filter,
      sort: view.sort,
      fields: [...fields],
      archived: view.archived,
    };
  }, [view.projectId, view.filter, view.sort, view.archived, fields, within]);
  const { rows, total, hints, loadMore, stale, query } = useSearchRows(noun, search, run, awaited);

  const all = useMemo(() => {
    const columns = (fields ?? []).map((field) => gridColumn(field, memberOf));
    const shown = [...columns.slice(0, 1), ...fixedColumns, ...columns.slice(1)];
    const first = shown.findIndex(({ field }) => isMetadataField(field));
    if (sourceColumn !== undefined && first >= 0) shown.splice(first, 0, sourceColumn);
    return shown;
  }, [fields, fixedColumns, sourceColumn, memberOf]);
  const columns = useMemo(
    () => (view.differing ? differingColumns(all, rows) : all),
    [view.differing, all, rows],
  );

  const setFilter = useCallback((filter: JsonValue) => change({ filter }), [change]);
  const onWidths = useCallback(
    (widths: Readonly<Record<string, number>>) => change({ widths }, true),
    [change],
  );
  const addFilter = (added: JsonValue): void => setFilter(withCondition(view.filter, added));
  const count = useMemo(() => countConditions(fromWire(view.filter)), [view.filter]);
  const problems = query.error instanceof ApiError && query.error.status === 400 ? query.error.problems : [];
  const empty = rows.length === 0 && query.data !== undefined && !stale && query.error === null;

  return (
    <>
      <div className={toolbar['bar']} role="toolbar" aria-label={`${noun} table`}>
        <Group gap={6}>
          <Button
            ref={filterButton}
            size="xs"
            variant={panel === 'filter' || count > 0 ? 'light' : 'default'}
            leftSection={<IconFilter size={16} aria-hidden />}
            aria-expanded={panel === 'filter'}
            onClick={() => setPanel(panel === 'filter' ? null : 'filter')}
          >
            Filter{count > 0 ? ` (${count})` : ''}
          </Button>
          <Button
            size="xs"
            variant={panel === 'sort' || view.sort.length > 0 ? 'light' : 'default'}
            leftSection={<IconArrowsSort size={16} aria-hidden />}
            aria-expanded={panel === 'sort'}
            onClick={() => setPanel(panel === 'sort' ? null : 'sort')}
          >
            Sort{view.sort.length > 0 ? ` (${view.sort.length})` : ''}
          </Button>
          <Button
            size="xs"
            variant={view.differing ? 'light' : 'default'}
            leftSection={<IconColumns size={16} aria-hidden />}
            aria-haspopup="dialog"
            onClick={() => setPicking(true)}
          >
            Columns
          </Button>
          <ViewsMenu view={view} change={change} table={`${noun}s`} />
        </Group>
        <TotalText total={total} noun={noun} search={search} run={run} />
        <Group gap={6} ml="auto">
          {search !== null && props.actions(search, fields ?? [])}
        </Group>
      </div>
      <Suspense>
        {filterSeen && (
          <FilterPanel
            hidden={panel !== 'filter'}
            noun={noun === 'trial' ? 'trials' : 'experiments with a trial'}
            projectId={view.projectId}
            filter={view.filter}
            onApply={setFilter}
            onClose={() => {
              setPanel(null);
              filterButton.current?.focus();
            }}
            serverProblems={problems}
          />
        )}
        {panel === 'sort' && (
          <SortPanel
            projectId={view.projectId}
            sort={view.sort}
            onChange={(sort) => change({ sort })}
            onClose={() => setPanel(null)}
          />
        )}
      </Suspense>
      <FilterChips
        filter={view.filter}
        onChange={setFilter}
        onEdit={() => setPanel('filter')}
        onEmptied={() => filterButton.current?.focus()}
      />
      {view.filterProblem !== null && (
        <Alert color="orange" m="md" title="This address's filter was left out" role="alert">
          {view.filterProblem} All {noun}s are shown. Ask for the link again, or set the filter anew.
        </Alert>
      )}
      <Progress
        value={100}
        animated
        size={2}
        radius={0}
        aria-label="Loading"
        className={classes['progress']}
        data-shown={(query.isFetching && rows.length > 0) || undefined}
      />
      <QueryState query={query} label={`${noun}s`} />
      {empty ? (
        <Hints noun={noun} filter={view.filter} hints={hints} onFilter={setFilter} />
      ) : (
        query.data !== undefined && (
          <DataGrid
            label={`${noun}s`}
            noun={noun}
            columns={columns}
            rows={rows}
            totalRows={total?.value ?? rows.length}
            sort={view.sort}
            onSort={(sort) => change({ sort })}
            pinned={view.pinned}
            widths={view.widths}
            onWidths={onWidths}
            selection={props.selection}
            {...(props.onSelection === undefined ? {} : { onSelection: props.onSelection })}
            onPick={setPick}
            headerMenu={(column) => (
              <HeaderMenu
                column={column}
                view={view}
                shown={fields ?? []}
                change={change}
                onFilter={(field) => {
                  addFilter(condition(field, 'exists'));
                  setPanel('filter');
                }}
              />
            )}
            rowLink={props.rowLink}
            onEndReached={loadMore}
            stale={stale}
          />
        )
      )}
      <CellMenu
        pick={pick}
        noun={noun}
        onClose={() => setPick(null)}
        onFilter={addFilter}
        onOpen={props.onOpen}
      />
      <Suspense>
        {picking && (
          <ColumnPicker
            onClose={() => setPicking(false)}
            view={view}
            shown={fields ?? []}
            change={change}
            offered={props.offered}
          />
        )}
      </Suspense>
    </>
  );
}
