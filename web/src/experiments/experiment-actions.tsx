import { Button } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { searchExperiments, type Search } from '../api/search.js';
import { notify } from '../app/notify.js';
import { both, condition } from '../filter/wire.js';
import { JsonNumber } from '../shared/metadata.js';
import { ChosenButton } from '../table/chosen-button.js';
import { CompareLimit, comparedCount, MAX_COMPARED } from '../table/compare-limit.js';
import { ExportMenu } from '../table/export-menu.js';
import { exportExperiments } from './export-experiments.js';

interface ExperimentActionsProps {
  readonly search: Search;
  readonly columns: readonly string[];
  readonly selection: ReadonlySet<number>;
  readonly onSelection: (selection: ReadonlySet<number>) => void;
}

/** What can be done with the experiments of a table: export all of them, compare the best trials of those chosen. */
export function ExperimentActions(props: ExperimentActionsProps): ReactElement {
  const { search, columns, selection, onSelection } = props;
  const navigate = useNavigate();
  const compare = useMutation({
    mutationFn: () => bestTrials(search, [...selection].slice(0, MAX_COMPARED)),
    onSuccess: ([trialId = 0, ...others]) =>
      others.length === 0
        ? navigate({ to: '/trials/$trialId', params: { trialId } })
        : navigate({ to: '/compare', search: { trials: [trialId, ...others].join(',') } }),
    onError: (error) =>
      void notify({ color: 'red', title: 'Nothing to compare was found', message: error.message }),
  });
  return (
    <>
      <ChosenButton selection={selection} onSelection={onSelection} />
      {selection.size > 0 && (
        <CompareLimit chosen={selection.size} nouns="experiments">
          <Button
            size="xs"
            variant={selection.size > 1 ? 'filled' : 'default'}
            leftSection={<IconColumns3 size={16} aria-hidden />}
            loading={compare.isPending}
            onClick={() => compare.mutate()}
          >
            {selection.size === 1
              ? 'Show its best trial'
              : `Compare the best trials of ${comparedCount(selection.size)}`}
          </Button>
        </CompareLimit>
      )}
      <ExportMenu
        nouns="experiments"
        make={(format, everything) =>
          exportExperiments({ ...search, fields: everything ? undefined : columns }, format)
        }
      />
    </>
  );
}

/** The trial that stands for each of the experiments in the search, in its order. */
async function bestTrials(search: Search, ids: readonly number[]): Promise<readonly number[]> {
  const chosen = condition(
    'experiment.id',
    'in',
    ids.map((id) => new JsonNumber(String(id))),
  );
  const filter = both(chosen, search.filter);
  const { items } = await searchExperiments({
    ...search,
    filter,
    fields: [],
    limit: ids.length,
    count: 'none',
  });
  const trials = items.flatMap(({ trialId }) => trialId ?? []);
  if (trials.length === 0) throw new Error('The experiments that are chosen have no trial. Choose others.');
  return trials;
}
