import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { searchTrials } from '../api/search.js';
import type { TrialRow } from '../api/trial.js';
import { PageTitle } from '../app/page-title.js';
import { SearchTable } from '../table/search-table.js';
import { useSelection } from '../table/use-selection.js';
import { useView } from '../view/use-view.js';
import { TrialActions } from './trial-actions.js';
import { HOST_COLUMNS, trialLink, trialMember } from './trial-table.js';

/** All trials that the user may see, of one project or of all. */
export function TrialsPage(): ReactElement {
  const viewState = useView();
  const navigate = useNavigate();
  const [selection, setSelection] = useSelection('trials');
  return (
    <>
      <PageTitle title="Trials" />
      <SearchTable<TrialRow>
        {...viewState}
        noun="trial"
        run={searchTrials}
        hostColumns={HOST_COLUMNS}
        offered={offerAll}
        memberOf={trialMember}
        rowLink={trialLink}
        onOpen={(row) => void navigate({ to: '/trials/$trialId', params: { trialId: row.id } })}
        selection={selection}
        onSelection={setSelection}
        actions={(search, columns) => (
          <TrialActions search={search} columns={columns} selection={selection} onSelection={setSelection} />
        )}
      />
    </>
  );
}

function offerAll(): boolean {
  return true;
}
