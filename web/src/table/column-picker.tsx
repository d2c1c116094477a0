import { Button, Checkbox, Group, ScrollArea, Switch, Tabs, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState, type ReactElement } from 'react';
import { SidePanel } from '../app/dialog.js';
import { hostGroups, metadataOptions, type FieldOption } from '../fields/field-options.js';
import { FieldOptionRow } from '../fields/field-option-row.js';
import type { HostField } from '../fields/host-fields.js';
import { useKnownFields } from '../fields/use-known-fields.js';
import { DEFAULT_QUERY_LIMITS } from '../shared/metadata.js';
import type { View } from '../view/view.js';
import { ShownColumns } from './shown-columns.js';
import classes from './column-picker.module.css';

/** A search answers no more fields. */
const MAX_COLUMNS = DEFAULT_QUERY_LIMITS.fields;

interface ColumnPickerProps {
  readonly onClose: () => void;
  readonly view: View;
  readonly shown: readonly string[];
  readonly change: (changes: Partial<View>) => void;
  readonly offered: (field: HostField) => boolean;
}

/** Which columns a table has, in which order, and which of them stay in view. */
export function ColumnPicker({ onClose, view, shown, change, offered }: ColumnPickerProps): ReactElement {
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search.trim(), 150);
  const known = useKnownFields(view.projectId, q);
  const host = hostGroups(search, offered);
  const metadata = metadataOptions(known.data?.items ?? [], q);
  const toggle = (field: string, on: boolean): void =>
    change({ columns: on ? [...shown, field] : shown.filter((other) => other !== field) });
  const full = shown.length >= MAX_COLUMNS;
  return (
    <SidePanel title="Columns" onClose={onClose}>
      <Switch
        label="Only columns that differ"
        description="Hides columns that hold the same value in all rows that are loaded"
        checked={view.differing}
        onChange={(event) => change({ differing: event.currentTarget.checked })}
        mb="md"
      />
      <TextInput
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        placeholder="Search fields"
        aria-label="Search fields"
        leftSection={<IconSearch size={16} aria-hidden />}
        data-autofocus
        mb="xs"
      />
      <Text size="xs" role="status" mb={full ? 'xs' : 0}>
        {full ? `A table has at most ${MAX_COLUMNS} columns: take one out to choose another.` : ''}
      </Text>
      <Tabs defaultValue="metadata" keepMounted={false}>
        <Tabs.List grow>
          <Tabs.Tab value="metadata">Metadata</Tabs.Tab>
          <Tabs.Tab value="host">Trial and experiment</Tabs.Tab>
          <Tabs.Tab value="shown">Shown ({shown.length})</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="metadata" pt="xs">
          <Options options={metadata} shown={shown} full={full} toggle={toggle} />
          {(known.data?.next ?? null) !== null && (
            <Text size="xs" c="dimmed">
              There are more fields: search for a part of the name.
            </Text>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="host" pt="xs">
          {host.map((group) => (
            <div key={group.label}>
              <Text size="xs" c="dimmed" fw={600} mt={6}>
                {group.label}
              </Text>
              <Options options={group.options} shown={shown} full={full} toggle={toggle} />
            </div>
          ))}
        </Tabs.Panel>
        <Tabs.Panel value="shown" pt="xs">
          <ShownColumns
            fields={shown}
            q={search.trim()}
            pinned={view.pinned}
            onOrder={(columns) => change({ columns })}
            onRemove={(field) => toggle(field, false)}
            onPin={(field, pin) =>
              change({
                pinned: pin ? [...view.pinned, field] : view.pinned.filter((other) => other !== field),
              })
            }
          />
        </Tabs.Panel>
      </Tabs>
      <Group mt="md">
        <Button
          size="xs"
          variant="default"
          onClick={() => change({ columns: undefined, pinned: [], widths: {}, differing: false })}
        >
          Back to the default columns
        </Button>
      </Group>
    </SidePanel>
  );
}

interface OptionsProps {
  readonly options: readonly FieldOption[];
  readonly shown: readonly string[];
  /** Whether there is no room for a further column. */
  readonly full: boolean;
  readonly toggle: (field: string, on: boolean) => void;
}

function Options({ options, shown, full, toggle }: OptionsProps): ReactElement {
  if (options.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No field of that name.
      </Text>
    );
  return (
    <ScrollArea.Autosize
      mah="50vh"
      type="auto"
      scrollbars="y"
      offsetScrollbars="present"
      classNames={{ content: classes['options'] ?? '' }}
      viewportProps={{ tabIndex: -1 }}
    >
      {options.map((option) => (
        <Checkbox
          key={option.field}
          size="xs"
          my={6}
          checked={shown.includes(option.field)}
          disabled={full && !shown.includes(option.field)}
          onChange={(event) => toggle(option.field, event.currentTarget.checked)}
          label={<FieldOptionRow option={option} />}
          aria-label={`Column ${option.field}`}
          styles={{
            body: { alignItems: 'center' },
            labelWrapper: { flex: 1, minWidth: 0 },
            label: { width: '100%' },
          }}
        />
      ))}
    </ScrollArea.Autosize>
  );
}
