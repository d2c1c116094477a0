import { Anchor, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { MeasureOp, TrialGroup } from '../api/aggregate.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { formatCount, formatNumber, plainText } from '../grid/format.js';
import { groupKey, groupName, groupSearch, groupValue, numbersOf } from './chart-values.js';
import classes from './group-table.module.css';

interface GroupTableProps {
  readonly groups: readonly TrialGroup[];
  readonly measure: string;
  readonly by: string;
  readonly ops: readonly MeasureOp[];
  readonly projectId: number | undefined;
}

/** A row a group: its trials, how many of them have a number, and what was computed of these. */
export function GroupTable({ groups, measure, by, ops, projectId }: GroupTableProps): ReactElement {
  const skips = groups.some(({ skipped }) => skipped > 0);
  return (
    <Table.ScrollContainer minWidth={560} mt="md">
      <Table striped withTableBorder captionSide="top">
        <Table.Caption>
          {fieldLabel(measure)} by {fieldLabel(by)}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{fieldLabel(by)}</Table.Th>
            <Table.Th ta="end">Trials</Table.Th>
            <Table.Th ta="end">Numbers</Table.Th>
            {skips && <Table.Th ta="end">Not numbers</Table.Th>}
            {ops.map((op) => (
              <Table.Th key={op} ta="end">
                {op}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((group) => (
            <Table.Tr key={groupKey(groupValue(group, by))}>
              <Table.Td dir="auto" className={classes['name']}>
                {group.filter === null ? (
                  groupName(groupValue(group, by))
                ) : (
                  <Anchor
                    size="sm"
                    renderRoot={(props) => (
                      <Link to="/trials" search={groupSearch(projectId, group.filter)} {...props} />
                    )}
                  >
                    {groupName(groupValue(group, by))}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td className={classes['number']}>{formatCount(group.count)}</Table.Td>
              <Table.Td className={classes['number']}>{formatCount(numbersOf(group))}</Table.Td>
              {skips && <Table.Td className={classes['number']}>{formatCount(group.skipped)}</Table.Td>}
              {ops.map((op) => {
                const number = group.values.get(op) ?? null;
                return (
                  <Table.Td
                    key={op}
                    className={classes['number']}
                    title={number === null ? undefined : plainText(number, 2_000)}
                  >
                    {number === null ? '–' : formatNumber(number)}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
