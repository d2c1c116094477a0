import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { compareTrials } from '../api/compare.js';
import { QueryState } from '../app/query-state.js';
import { FieldSummaryTable } from '../fields/field-summary-table.js';
import { condition } from '../filter/wire.js';
import { formatCount } from '../grid/format.js';
import { JsonNumber } from '../shared/metadata.js';
import classes from './experiment-page.module.css';

/** As many fields become columns at once. */
const MAX_COLUMNS = 30;

interface DifferingFieldsProps {
  readonly experimentId: number;
  readonly onShow: (fields: readonly string[]) => void;
}

/** The fields whose values differ among an experiment's trials. */
export function DifferingFields({ experimentId, onShow }: DifferingFieldsProps): ReactElement {
  const query = useQuery({
    queryKey: ['experiment', experimentId, 'differences'],
    queryFn: ({ signal }) =>
      compareTrials(
        { filter: condition('experiment.id', 'is', new JsonNumber(String(experimentId))) },
        { summary: true },
        signal,
      ),
  });
  const fields = query.data?.kind === 'summary' ? query.data.fields : [];
  const differing = fields.filter(({ differs }) => differs);
  const total = query.data?.kind === 'summary' ? query.data.trials : 0;
  return (
    <div className={classes['fields']}>
      <QueryState query={query} label="what differs" />
      {query.data !== undefined && (
        <>
          <Group mb="sm">
            <Text size="sm">
              {formatCount(differing.length)} of {formatCount(fields.length)} fields differ among{' '}
              {formatCount(total)} trials.
            </Text>
            {differing.length > 0 && (
              <Button
                size="xs"
                variant="light"
                onClick={() => onShow(differing.slice(0, MAX_COLUMNS).map(({ field }) => field))}
              >
                Show them as columns
              </Button>
            )}
          </Group>
          {differing.length > 0 && <FieldSummaryTable fields={differing} />}
        </>
      )}
    </div>
  );
}
