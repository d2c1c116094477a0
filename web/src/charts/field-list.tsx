import { ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import { useState, type ReactElement } from 'react';
import type { FieldOption } from '../fields/field-options.js';
import { formatCount } from '../grid/format.js';
import classes from './charts-page.module.css';

interface FieldListProps {
  readonly title: string;
  readonly options: readonly FieldOption[];
  readonly chosen: readonly string[];
  readonly onChoose: (field: string) => void;
}

/** Fields to choose from, each one click away. */
export function FieldList({ title, options, chosen, onChoose }: FieldListProps): ReactElement {
  const [q, setQ] = useState('');
  const shown = options.filter(({ label }) => label.toLowerCase().includes(q.trim().toLowerCase()));
  return (
    <section className={classes['list']} aria-label={title}>
      <Text size="xs" fw={600} mb={4}>
        {title}
      </Text>
      {options.length > 8 && (
        <TextInput
          size="xs"
          mb={4}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
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
      </ScrollArea.Autosize>
    </section>
  );
}
