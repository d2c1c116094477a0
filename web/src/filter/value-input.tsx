import { Combobox, Select, TextInput, useCombobox } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { hostField, isState, stateLabel, STATES } from '../fields/host-fields.js';
import { parseJson, type JsonValue } from '../shared/metadata.js';
import { emptyOperand, operandOf, type DraftOperand } from './draft-operand.js';
import { OperandTypeMenu } from './operand-type-menu.js';
import { ValueOptions } from './value-options.js';

export interface ValueContext {
  readonly field: string;
  readonly projectId: number | undefined;
  /** The other conditions, within which suggestions are counted. */
  readonly filter: JsonValue;
}

interface ValueInputProps extends ValueContext {
  readonly label: string;
  readonly operand: DraftOperand;
  readonly onChange: (operand: DraftOperand) => void;
  readonly error: boolean;
  /** The id of the text that says what is wrong. */
  readonly describedBy?: string | undefined;
}

/** One value: typed, or taken from the suggestions with its type. */
export function ValueInput({
  label,
  operand,
  onChange,
  error,
  describedBy,
  ...context
}: ValueInputProps): ReactElement {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [typed, setTyped] = useState(false);
  const host = hostField(context.field);
  const isSuggested = host === undefined;
  const suggest = (): void => {
    if (isSuggested) combobox.openDropdown();
  };
  const change = (text: string): void => {
    setTyped(true);
    onChange({ type: operand.type === 'null' ? 'string' : operand.type, text });
    suggest();
    combobox.updateSelectedOptionIndex();
  };
  if (host?.type === 'state') {
    const { text } = operand;
    // What an address asks for may be no state.
    const states = text === '' || isState(text) ? STATES : [...STATES, text];
    return (
      <Select
        size="xs"
        w={220}
        aria-label={label}
        aria-describedby={describedBy}
        error={error}
        placeholder="State"
        data={states.map((state) => ({ value: state, label: stateLabel(state) }))}
        value={text === '' ? null : text}
        onChange={(state) => onChange({ type: 'string', text: state ?? '' })}
        allowDeselect={false}
        data-value
      />
    );
  }
  if (operand.type === 'boolean') {
    return (
      <Select
        size="xs"
        w={220}
        aria-label={label}
        data={['true', 'false']}
        value={operand.text}
        onChange={(value) => onChange({ type: 'boolean', text: value ?? 'true' })}
        allowDeselect={false}
        data-value
        leftSection={host === undefined ? typeMenu(operand, onChange, label) : null}
        leftSectionWidth={host === undefined ? 44 : undefined}
        leftSectionPointerEvents="all"
      />
    );
  }
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(text) => {
        onChange(operandOf(parseJson(text)));
        setTyped(false);
        combobox.closeDropdown();
      }}
      width="min(340px, calc(100vw - 2rem))"
      position="bottom-start"
      shadow="md"
    >
      <Combobox.Target>
        <TextInput
          size="xs"
          w={220}
          aria-label={label}
          aria-describedby={describedBy}
          error={error}
          dir="auto"
          value={operand.type === 'null' ? 'null' : operand.text}
          placeholder={placeholder(operand, host?.type)}
          inputMode={operand.type === 'number' ? 'decimal' : 'text'}
          onChange={(event) => change(event.currentTarget.value)}
          onFocus={() => {
            setTyped(false);
            suggest();
          }}
          onClick={suggest}
          onBlur={() => combobox.closeDropdown()}
          leftSection={host === undefined ? typeMenu(operand, onChange, label) : null}
          leftSectionWidth={host === undefined ? 44 : undefined}
          leftSectionPointerEvents="all"
          data-value
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!isSuggested}>
        <ValueOptions {...context} q={typed ? operand.text : ''} open={combobox.dropdownOpened} />
      </Combobox.Dropdown>
    </Combobox>
  );
}

function typeMenu(
  operand: DraftOperand,
  onChange: (operand: DraftOperand) => void,
  label: string,
): ReactElement {
  return (
    <OperandTypeMenu
      type={operand.type}
      label={label}
      onChange={(type) =>
        onChange(type === 'boolean' || type === 'null' ? emptyOperand(type) : { type, text: operand.text })
      }
    />
  );
}

function placeholder(operand: DraftOperand, hostType: string | undefined): string {
  if (hostType === 'instant') return '2024-05-01 or 2024-05-01T10:00Z';
  if (hostType === 'seconds') return 'Seconds';
  if (operand.type === 'number') return 'Number';
  return operand.type === 'json' ? '["a", 1]' : 'Value';
}
