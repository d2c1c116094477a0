import { Alert, Group, Select, Switch, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { FieldSummary } from '../api/compare.js';
import { PageTitle } from '../app/page-title.js';
import { QueryState } from '../app/query-state.js';
import { FieldSummaryTable } from '../fields/field-summary-table.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { FilterChips } from '../filter/filter-chips.js';
import { formatCountOf } from '../grid/format.js';
import { writeJson } from '../shared/metadata.js';
import { MAX_COMPARED } from '../table/compare-limit.js';
import { useView } from '../view/use-view.js';
import { parseSearch } from '../view/search-text.js';
import { comparePresent } from './compare-present.js';
import { readCompareParameters } from './compare-parameters.js';
import { ComparisonGrid } from './comparison-grid.js';
import toolbar from '../app/toolbar.module.css';
import classes from './compare-page.module.css';

/** Trials side by side: those that were chosen, or those that a filter finds. */
export function ComparePage(): ReactElement {
  const { view, change } = useView();
  const navigate = useNavigate();
  const searchText = useLocation({ select: (location) => location.searchStr });
  const parameters = useMemo(() => readCompareParameters(parseSearch(searchText), view), [searchText, view]);
  const { set, baseline, onlyDifferences, transposed, q } = parameters;
  const query = useQuery({
    queryKey: ['compare', writeJson(set), baseline ?? null],
    queryFn: ({ signal }) => comparePresent(set, baseline, signal),
    placeholderData: keepPreviousData,
  });
  const comparison = query.data?.comparison;
  const missing = query.data?.missing ?? [];
  // Until the answer is there, what is shown was not compared with this baseline.
  const marksBaseline = query.isPlaceholderData ? undefined : query.data?.baseline;
  const setParameters = (changes: Readonly<Record<string, string | undefined>>): void => {
    const next = Object.entries({ ...parseSearch(searchText), ...changes });
    void navigate({
      to: '.',
      search: Object.fromEntries(next.filter(([, value]) => value !== undefined)),
      replace: true,
      resetScroll: false,
    });
  };
  const setParameter = (name: string, value: string | undefined): void => setParameters({ [name]: value });
  const trials = comparison?.kind === 'values' ? comparison.trials : [];
  const drop = (id: number): void => {
    // By the address where it names them: what is shown may still be the comparison before.
    const named = set.trialIds ?? trials.map((trial) => trial.id);
    const left = named.filter((other) => other !== id);
    if (left.length === 0) return;
    setParameters({ trials: left.join(','), ...(id === baseline ? { baseline: undefined } : {}) });
  };
  return (
    <>
      <PageTitle title="Compare" />
      <div className={toolbar['bar']}>
        <Text size="sm" fw={600} role="status" aria-live="polite">
          {comparison === undefined
            ? 'Compare'
            : `${formatCountOf(comparison.kind === 'values' ? trials.length : comparison.trials, 'trial')} compared`}
        </Text>
        <TextInput
          size="xs"
          w={220}
          value={q}
          onChange={(event) =>
            setParameter('q', event.currentTarget.value === '' ? undefined : event.currentTarget.value)
          }
          placeholder="Search fields and values"
          aria-label="Search fields and values"
          leftSection={<IconSearch size={14} aria-hidden />}
        />
        {comparison?.kind !== 'summary' && (
          <Select
            size="xs"
            w={170}
            aria-label="Baseline"
            placeholder="No baseline"
            data={trials.map(({ id }) => ({ value: String(id), label: `Baseline: trial ${id}` }))}
            value={baseline === undefined ? null : String(baseline)}
            onChange={(value) => setParameter('baseline', value ?? undefined)}
            clearable
          />
        )}
        <Group gap="md">
          <Switch
            size="xs"
            label="Only differences"
            checked={onlyDifferences}
            onChange={(event) => setParameter('only', event.currentTarget.checked ? undefined : 'all')}
          />
          {comparison?.kind !== 'summary' && (
            <Switch
              size="xs"
              label="Trials as rows"
              checked={transposed}
              onChange={(event) =>
                setParameter('transposed', event.currentTarget.checked ? 'yes' : undefined)
              }
            />
          )}
        </Group>
      </div>
      {comparison?.kind === 'values' && trials.length > 1 && (
        <Text size="xs" c="dimmed" className={classes['legend']}>
          <span className={classes['mark']} aria-hidden />
          Marked:{' '}
          {marksBaseline === undefined
            ? 'differs from the most common value of the field; all values where none is the most common'
            : `differs from trial ${marksBaseline}`}
        </Text>
      )}
      {set.trialIds === undefined && (
        <FilterChips
          filter={view.filter}
          onChange={(filter) => change({ filter })}
          onEdit={() => void navigate({ to: '/trials', search: parseSearch(searchText) })}
        />
      )}
      <QueryState query={query} label="the comparison" />
      {missing.length > 0 && (
        <Alert color="gray" m="md" mb={0} title="Not here, or not for you" role="alert">
          Left out: {missing.length === 1 ? 'trial' : 'trials'} {missing.join(', ')}.
        </Alert>
      )}
      {comparison?.kind === 'summary' && (
        <Alert color="blue" m="md" mb={0}>
          More than {MAX_COMPARED} trials match, too many for side by side. This is how their fields vary. To
          see values, choose up to {MAX_COMPARED} trials in the table, or narrow the filter.
        </Alert>
      )}
      {comparison?.truncated === true && (
        <Alert color="orange" m="md" mb={0}>
          There are more fields than are listed. Search, or show differences only.
        </Alert>
      )}
      {comparison?.kind === 'values' && trials.length === 0 && (
        <Text p="md">No trials to compare: choose some in the table of trials.</Text>
      )}
      {comparison?.kind === 'values' && trials.length > 0 && (
        <ComparisonGrid
          trials={comparison.trials}
          fields={comparison.fields}
          baseline={marksBaseline}
          onlyDifferences={onlyDifferences}
          transposed={transposed}
          q={q}
          onDrop={trials.length > 1 ? drop : undefined}
        />
      )}
      {comparison?.kind === 'summary' && (
        <Summary fields={comparison.fields} onlyDifferences={onlyDifferences} q={q} />
      )}
    </>
  );
}

interface SummaryProps {
  readonly fields: readonly FieldSummary[];
  readonly onlyDifferences: boolean;
  readonly q: string;
}

function Summary({ fields, onlyDifferences, q }: SummaryProps): ReactElement {
  const shown = fields.filter(
    ({ field, differs }) =>
      (!onlyDifferences || differs) && fieldLabel(field).toLowerCase().includes(q.trim().toLowerCase()),
  );
  if (shown.length === 0) return <Text p="md">No such field.</Text>;
  return (
    <div className={classes['table']}>
      <FieldSummaryTable fields={shown} />
    </div>
  );
}
