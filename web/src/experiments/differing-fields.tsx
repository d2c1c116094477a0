import { Button, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { compareTrials } from '../api/compare.js';
import { QueryState } from '../app/query-state.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { TypeSigns } from '../fields/type-sign.js';
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
          {differing.length > 0 && (
            <Table.ScrollContainer minWidth={420}>
              <Table striped withTableBorder>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Field</Table.Th>
                    <Table.Th>Types</Table.Th>
                    <Table.Th ta="end">Different values</Table.Th>
                    <Table.Th ta="end">Trials without it</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {differing.map(({ field, types, distinct, missing }) => (
                    <Table.Tr key={field}>
                      <Table.Td dir="auto">{fieldLabel(field)}</Table.Td>
                      <Table.Td>
                        <TypeSigns types={types} />
                      </Table.Td>
                      <Table.Td ta="end">{formatCount(distinct)}</Table.Td>
                      <Table.Td ta="end">{formatCount(missing)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </>
      )}
    </div>
  );
}
