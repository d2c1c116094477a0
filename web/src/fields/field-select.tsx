import { Combobox, InputBase, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState, type ReactElement } from 'react';
import type { HostField } from './host-fields.js';
import type { JsonType } from '../shared/metadata.js';
import { hostGroups, metadataOptions, type FieldGroup } from './field-options.js';
import { FieldOptionRow } from './field-option-row.js';
import { fieldLabel } from './metadata-field.js';
import { useKnownFields } from './use-known-fields.js';

const NONE = 'Choose a field';

interface FieldSelectProps {
  readonly label: string;
  readonly projectId: number | undefined;
  /** Empty when none is chosen. */
  readonly value: string;
  readonly onChange: (field: string, types: readonly JsonType[]) => void;
  readonly offered?: (field: HostField) => boolean;
  /** Which metadata fields are offered; all when left out. */
  readonly types?: (types: readonly JsonType[]) => boolean;
  readonly error?: boolean;
  readonly width?: number | string;
}

/** A menu of every known field, with search, types and in how many trials each is. */
export function FieldSelect(props: FieldSelectProps): ReactElement {
  const { label, projectId, value, onChange, offered, types, error, width } = props;
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search.trim(), 150);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const known = useKnownFields(projectId, q);
  const groups = useMemo((): readonly FieldGroup[] => {
    const metadata = metadataOptions(known.data?.items ?? [], q).filter(
      (option) => types?.(option.types) ?? true,
    );
    return [
      ...(metadata.length === 0 ? [] : [{ label: 'Metadata', options: metadata }]),
      ...hostGroups(search, offered),
    ];
  }, [known.data, q, search, offered, types]);

  const pick = (field: string): void => {
    const option = groups.flatMap((group) => group.options).find((candidate) => candidate.field === field);
    onChange(field, option?.types ?? []);
    combobox.closeDropdown();
  };

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={pick}
      withinPortal
      width={420}
      position="bottom-start"
      shadow="md"
    >
      <Combobox.Target targetType="button">
        <InputBase
          component="button"
          type="button"
          pointer
          size="xs"
          w={width ?? 220}
          aria-label={`${label}: ${value === '' ? NONE : fieldLabel(value)}`}
          error={error}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onClick={() => combobox.toggleDropdown()}
          title={value}
        >
          {value === '' ? (
            <Text component="span" size="xs" c="dimmed">
              {NONE}
            </Text>
          ) : (
            <Text component="span" size="xs" truncate="end" dir="auto" display="block">
              {fieldLabel(value)}
            </Text>
          )}
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          placeholder="Search fields"
          aria-label="Search fields"
        />
        <Combobox.Options aria-label="Fields" tabIndex={0} mah={340} style={{ overflowY: 'auto' }}>
          {groups.map((group) => (
            <Combobox.Group key={group.label} label={group.label}>
              {group.options.map((option) => (
                <Combobox.Option key={option.field} value={option.field} active={option.field === value}>
                  <FieldOptionRow option={option} />
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {groups.length === 0 && (
            <Combobox.Empty>
              {known.isFetching ? 'Searching…' : `No field with "${search}" in its name`}
            </Combobox.Empty>
          )}
          {(known.data?.next ?? null) !== null && (
            <Combobox.Empty>There are more: type a part of the name</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
