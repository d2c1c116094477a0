import { Table } from '@mantine/core';
import type { ReactElement } from 'react';
import type { FieldSummary } from '../api/compare.js';
import { formatCount } from '../grid/format.js';
import { fieldLabel } from './metadata-field.js';
import { TypeSigns } from './type-sign.js';

/** How fields vary among many trials: one row each. */
export function FieldSummaryTable({ fields }: { readonly fields: readonly FieldSummary[] }): ReactElement {
  return (
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
          {fields.map(({ field, types, distinct, trials, missing }) => (
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
  );
}
