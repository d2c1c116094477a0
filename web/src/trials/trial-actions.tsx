import { Button } from '@mantine/core';
import { IconChartDots, IconColumns3 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Search } from '../api/search.js';
import { writeJson } from '../shared/metadata.js';
import { exportTrials } from '../api/export.js';
import { ChosenButton } from '../table/chosen-button.js';
import { CompareLimit, comparedCount, MAX_COMPARED } from '../table/compare-limit.js';
import { ExportMenu } from '../table/export-menu.js';

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
  const project: Record<string, string> =
    search.projectId === undefined ? {} : { project: String(search.projectId) };
  const scope: Record<string, string> = {
    ...project,
    ...(search.filter === null ? {} : { filter: writeJson(search.filter) }),
  };
  const compared: Record<string, string> =
    chosen.length > 0 ? { ...project, trials: chosen.slice(0, MAX_COMPARED).join(',') } : scope;
  return (
    <>
      <ChosenButton selection={selection} onSelection={onSelection} />
      <CompareLimit chosen={chosen.length} nouns="trials">
        <Button
          size="xs"
          variant={chosen.length > 1 ? 'filled' : 'default'}
          leftSection={<IconColumns3 size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/compare" search={compared} {...props} />}
        >
          {chosen.length > 0 ? `Compare ${comparedCount(chosen.length)}` : 'Compare'}
        </Button>
      </CompareLimit>
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
