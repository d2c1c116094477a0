import { ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import { useState, type ReactElement } from 'react';
import type { FieldOption } from '../fields/field-options.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { formatCount } from '../grid/format.js';
import { useChartFields } from './chart-fields.js';
import classes from './charts-page.module.css';

interface FieldListProps {
  readonly title: string;
  readonly projectId: number | undefined;
  /** What the fields are to be good for. */
  readonly kind: 'numbers' | 'groups';
  readonly chosen: readonly string[];
  readonly onChoose: (field: string) => void;
}

/**
 * Fields to choose from, each one click away. Those that were chosen when the list came up stand first, as they do after
 * a search; a click moves nothing, so that the next one meets what is under the pointer.
 */
export function FieldList({ title, projectId, kind, chosen, onChoose }: FieldListProps): ReactElement {
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search.trim(), 150);
  const all = useChartFields(projectId)[kind];
  const found = useChartFields(projectId, q);
  const key = `${projectId ?? ''} ${q} ${all.length > 0}`;
  const [first, setFirst] = useState({ key, fields: chosen });
  if (first.key !== key) setFirst({ key, fields: chosen });
  const shown = chosenFirst(found[kind], first.fields, q);
  return (
    <section className={classes['list']} aria-label={title}>
      <Text size="xs" fw={600} mb={4}>
        {title}
      </Text>
      {all.length > 8 && (
        <TextInput
          size="xs"
          mb={4}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder="Search"
          aria-label={`Search: ${title}`}
          leftSection={<IconSearch size={14} aria-hidden />}
        />
      )}
      <ScrollArea.Autosize
        mah={210}
        type="auto"
        scrollbars="y"
        offsetScrollbars="present"
        classNames={{ content: classes['listContent'] ?? '' }}
        viewportProps={{ tabIndex: -1 }}
      >
        {shown.map(({ field, label, trials }) => (
          <UnstyledButton
            key={field}
            className={classes['field']}
            aria-pressed={chosen.includes(field)}
            onClick={() => onChoose(field)}
            title={label}
          >
            <IconCheck size={14} aria-hidden className={classes['check']} />
            <span className={classes['fieldName']} dir="auto">
              {label}
            </span>
            {trials !== null && (
              <Text component="span" size="xs" c="dimmed">
                {formatCount(trials)}
              </Text>
            )}
          </UnstyledButton>
        ))}
        {shown.length === 0 && (
          <Text size="xs" c="dimmed">
            No such field.
          </Text>
        )}
        {found.more && (
          <Text size="xs" c="dimmed">
            There are more: search for a part of the name.
          </Text>
        )}
      </ScrollArea.Autosize>
    </section>
  );
}

/** A chosen field is there even where the list has only the most common ones. */
function chosenFirst(
  options: readonly FieldOption[],
  chosen: readonly string[],
  q: string,
): readonly FieldOption[] {
  if (options.length === 0) return options;
  const first = chosen.flatMap((field): readonly FieldOption[] => {
    const option = options.find((other) => other.field === field);
    if (option !== undefined) return [option];
    return q === '' ? [{ field, label: fieldLabel(field), types: [], trials: null, depth: 0 }] : [];
  });
  return [...first, ...options.filter(({ field }) => !chosen.includes(field))];
}
