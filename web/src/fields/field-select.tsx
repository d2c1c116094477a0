import { Combobox, InputBase, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo, useState, type ReactElement } from 'react';
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
    onDropdownClose: (source) => {
      combobox.resetSelectedOption();
      setSearch('');
      if (source === 'keyboard') combobox.targetRef.current?.focus();
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const known = useKnownFields(projectId, q);
  const groups = useMemo((): readonly FieldGroup[] => {
    const isAnswer = q === search.trim() && !known.isPlaceholderData;
    const found = known.data?.items ?? [];
    // Until the server has answered, those of its answer before that have what is typed in their name.
    const items = isAnswer ? found : found.filter(({ path }) => isNamed(path, search));
    const metadata = metadataOptions(items, q).filter((option) => types?.(option.types) ?? true);
    return [
      ...(metadata.length === 0 ? [] : [{ label: 'Metadata', options: metadata }]),
      ...hostGroups(search, offered),
    ];
  }, [known.data, known.isPlaceholderData, q, search, offered, types]);

  // So that Enter takes the first field that has what is typed in its name.
  const { selectFirstOption, resetSelectedOption } = combobox;
  const isFound = search.trim() !== '' && groups.length > 0;
  useEffect(() => {
    if (isFound) selectFirstOption();
    else resetSelectedOption();
  }, [isFound, groups, selectFirstOption, resetSelectedOption]);

  const pick = (field: string): void => {
    const option = groups.flatMap((group) => group.options).find((candidate) => candidate.field === field);
    combobox.closeDropdown('keyboard');
    onChange(field, option?.types ?? []);
  };

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={pick}
      withinPortal
      width="min(420px, calc(100vw - 2rem))"
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
          onChange={(event) => setSearch(event.currentTarget.value)}
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

function isNamed(path: string, search: string): boolean {
  return path.toLowerCase().includes(search.trim().toLowerCase());
}
