import { Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { FieldSummary } from '../api/compare.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { TypeSigns } from '../fields/type-sign.js';
import { formatCount } from '../grid/format.js';
import classes from './compare-page.module.css';

interface SummaryTableProps {
  readonly fields: readonly FieldSummary[];
  readonly onlyDifferences: boolean;
  readonly q: string;
}

/** How the fields of many trials vary. */
export function SummaryTable({ fields, onlyDifferences, q }: SummaryTableProps): ReactElement {
  const shown = fields.filter(
    (field) =>
      (!onlyDifferences || field.differs) &&
      fieldLabel(field.field).toLowerCase().includes(q.trim().toLowerCase()),
  );
  if (shown.length === 0) return <Text p="md">No such field.</Text>;
  return (
    <div className={classes['table']}>
      <Table.ScrollContainer minWidth={420}>
        <Table striped withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th>Types</Table.Th>
              <Table.Th ta="end">Different values</Table.Th>
              <Table.Th ta="end">Trials with it</Table.Th>
              <Table.Th ta="end">Trials without it</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ field, types, distinct, trials, missing }) => (
              <Table.Tr key={field}>
                <Table.Td dir="auto">{fieldLabel(field)}</Table.Td>
                <Table.Td>
                  <TypeSigns types={types} />
                </Table.Td>
                <Table.Td ta="end">{formatCount(distinct)}</Table.Td>
                <Table.Td ta="end">{formatCount(trials)}</Table.Td>
                <Table.Td ta="end">{formatCount(missing)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}
