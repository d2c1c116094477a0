import { Button } from '@mantine/core';
import { IconChartDots, IconColumns3 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Search } from '../api/search.js';
import { writeJson } from '../shared/metadata.js';
import { exportTrials } from '../api/export.js';
import { ChosenButton } from '../table/chosen-button.js';
import { ExportMenu } from '../table/export-menu.js';

/** As many trials can be compared side by side. */
export const MAX_COMPARED = 50;

interface TrialActionsProps {
  readonly search: Search;
  /** The fields that are shown, in order. */
  readonly columns: readonly string[];
  readonly selection: ReadonlySet<number>;
  readonly onSelection: (selection: ReadonlySet<number>) => void;
}

/** What can be done with the trials of a table, or with those that are chosen in it. */
export function TrialActions({ search, columns, selection, onSelection }: TrialActionsProps): ReactElement {
  const chosen = [...selection];
  const scope: Record<string, string> = {
    ...(search.projectId === undefined ? {} : { project: String(search.projectId) }),
    ...(search.filter === null ? {} : { filter: writeJson(search.filter) }),
  };
  const compared: Record<string, string> =
    chosen.length > 0 ? { trials: chosen.slice(0, MAX_COMPARED).join(',') } : scope;
  return (
    <>
      <ChosenButton selection={selection} onSelection={onSelection} />
      <Button
        size="xs"
        variant={chosen.length > 1 ? 'filled' : 'default'}
        leftSection={<IconColumns3 size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/compare" search={compared} {...props} />}
      >
        {chosen.length > 0 ? `Compare ${Math.min(chosen.length, MAX_COMPARED)}` : 'Compare'}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconChartDots size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/charts" search={scope} {...props} />}
      >
        Chart
      </Button>
      <ExportMenu
        nouns="trials"
        make={(format, everything) =>
          exportTrials({ ...search, fields: everything ? undefined : columns }, format)
        }
      />
    </>
  );
}
