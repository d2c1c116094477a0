import { ActionIcon, Button, Group, SegmentedControl, Select, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type ReactElement } from 'react';
import type { SortAs, SortLevel } from '../api/search.js';
import { FieldSelect } from '../fields/field-select.js';
import { fieldLabel, isMetadataField } from '../fields/metadata-field.js';

import classes from '../filter/condition-row.module.css';

/** The server takes no more levels. */
const MAX_LEVELS = 5;

const ORDERS: readonly { readonly value: SortAs; readonly label: string }[] = [
  { value: 'json', label: 'by type, then value' },
  { value: 'number', label: 'as numbers ("16" after "8")' },
  { value: 'text', label: 'as text (v10 after v9)' },
];

interface SortPanelProps {
  readonly projectId: number | undefined;
  readonly sort: readonly SortLevel[];
  readonly onChange: (sort: readonly SortLevel[]) => void;
  readonly onClose: () => void;
}

/** The panel for an order of several levels. Every change counts at once. */
export function SortPanel({ projectId, sort, onChange, onClose }: SortPanelProps): ReactElement {
  const [adding, setAdding] = useState(sort.length === 0);
  const replace = (index: number, level: SortLevel): void =>
    onChange(sort.map((other, place) => (place === index ? level : other)));
  const move = (index: number, by: -1 | 1): void => {
    const next = [...sort];
    const [level] = next.splice(index, 1);
    if (level !== undefined) next.splice(index + by, 0, level);
    onChange(next);
  };
  return (
    <section className={classes['panel']} aria-label="Sort">
      {sort.map((level, index) => (
        <Group
          key={level.field}
          gap={6}
          mb={6}
          role="group"
          aria-label={`Level ${index + 1}: ${fieldLabel(level.field)}`}
        >
          <Text size="sm" w={56}>
            {index === 0 ? 'Sort by' : 'then by'}
          </Text>
          <FieldSelect
            label={`Field of level ${index + 1}`}
            projectId={projectId}
            value={level.field}
            onChange={(field) => replace(index, { ...level, field })}
          />
          <SegmentedControl
            size="xs"
            aria-label={`Direction of level ${index + 1}`}
            data={[
              { value: 'asc', label: 'Ascending' },
              { value: 'desc', label: 'Descending' },
            ]}
            value={level.direction}
            onChange={(direction) =>
              replace(index, { ...level, direction: direction === 'desc' ? 'desc' : 'asc' })
            }
          />
          {isMetadataField(level.field) && (
            <Select
              size="xs"
              w={210}
              aria-label={`How level ${index + 1} compares`}
              data={ORDERS}
              value={level.as}
              onChange={(as) =>
                replace(index, { ...level, as: ORDERS.find(({ value }) => value === as)?.value ?? 'json' })
              }
              allowDeselect={false}
            />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Move level ${index + 1} up`}
            disabled={index === 0}
            onClick={() => move(index, -1)}
          >
            <IconArrowUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Move level ${index + 1} down`}
            disabled={index === sort.length - 1}
            onClick={() => move(index, 1)}
          >
            <IconArrowDown size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove level ${index + 1}`}
            onClick={() => onChange(sort.filter((_, place) => place !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {(adding || sort.length === 0) && sort.length < MAX_LEVELS && (
        <Group gap={6} mb={6}>
          <Text size="sm" w={56}>
            {sort.length === 0 ? 'Sort by' : 'then by'}
          </Text>
          <FieldSelect
            label="Field to sort by"
            projectId={projectId}
            value=""
            onChange={(field) => {
              setAdding(false);
              if (!sort.some((level) => level.field === field))
                onChange([...sort, { field, direction: 'asc', as: 'json' }]);
            }}
          />
        </Group>
      )}
      <Group gap="xs">
        {!adding && sort.length > 0 && sort.length < MAX_LEVELS && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            Add level
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => onChange([])} disabled={sort.length === 0}>
          Clear
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onClose}>
          Close
        </Button>
      </Group>
    </section>
  );
}
