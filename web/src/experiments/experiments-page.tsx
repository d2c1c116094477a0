import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { searchExperiments } from '../api/search.js';
import type { ExperimentRow } from '../api/trial.js';
import { PageTitle } from '../app/page-title.js';
import { SearchTable } from '../table/search-table.js';
import { useSelection } from '../table/use-selection.js';
import { useView } from '../view/use-view.js';
import { ExperimentActions } from './experiment-actions.js';
import {
  COUNT_COLUMNS,
  experimentLink,
  experimentMember,
  experimentSearch,
  HOST_COLUMNS,
  offerExperimentField,
  SOURCE_COLUMN,
} from './experiment-table.js';

/**
 * Experiments, found by what their trials hold: one matches when one of its trials meets the whole filter, and its
 * metadata columns show that trial's.
 */
export function ExperimentsPage(): ReactElement {
  const viewState = useView();
  const navigate = useNavigate();
  const [selection, setSelection] = useSelection('experiments');
  return (
    <>
      <PageTitle title="Experiments" />
      <SearchTable<ExperimentRow>
        {...viewState}
        noun="experiment"
        run={searchExperiments}
        hostColumns={HOST_COLUMNS}
        fixedColumns={COUNT_COLUMNS}
        sourceColumn={SOURCE_COLUMN}
        offered={offerExperimentField}
        memberOf={experimentMember}
        rowLink={(row, column) => experimentLink(row, column, viewState.view)}
        onOpen={(row, { field }) =>
          void navigate({
            to: '/experiments/$experimentId',
            params: { experimentId: row.id },
            search: experimentSearch(field, viewState.view),
          })
        }
        selection={selection}
        onSelection={setSelection}
        actions={(search, columns) => (
          <ExperimentActions
            search={search}
            columns={columns}
            selection={selection}
            onSelection={setSelection}
          />
        )}
      />
    </>
  );
}
