import { Combobox, Pill, PillsInput, useCombobox } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { hostField, stateLabel, stateOfLabel } from '../fields/host-fields.js';
import { parseJson, type JsonType } from '../shared/metadata.js';
import { operandOf, operandTypeFor, readOperand, type DraftOperand } from './draft-operand.js';
import { ValueOptions } from './value-options.js';
import type { ValueContext } from './value-input.js';

interface ValuesInputProps extends ValueContext {
  readonly label: string;
  readonly operands: readonly DraftOperand[];
  readonly onChange: (operands: readonly DraftOperand[]) => void;
  readonly types: readonly JsonType[];
  readonly error: boolean;
  readonly describedBy?: string | undefined;
}

/** Several values, for "is one of": Enter or a comma adds what is typed, Backspace takes the last one away. */
export function ValuesInput(props: ValuesInputProps): ReactElement {
  const { label, operands, onChange, types, error, describedBy, ...context } = props;
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [text, setText] = useState('');
  const add = (operand: DraftOperand): void => {
    const known = operands.some((other) => other.type === operand.type && other.text === operand.text);
    if (!known) onChange([...operands, operand]);
    setText('');
  };
  const addTyped = (): void => {
    if (text.trim() === '') return;
    const meant = isState ? stateOfLabel(text) : text.trim();
    const wanted: DraftOperand = { type: operandTypeFor(types), text: meant };
    add('value' in readOperand(wanted) ? wanted : { type: 'string', text: meant });
  };
  const host = hostField(context.field);
  const isState = host?.type === 'state';
  const isSuggested = host === undefined || isState;
  const suggest = (): void => {
    if (isSuggested) combobox.openDropdown();
  };
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(option) => add(operandOf(parseJson(option)))}
      width="min(340px, calc(100vw - 2rem))"
      position="bottom-start"
      shadow="md"
    >
      <Combobox.DropdownTarget>
        <PillsInput size="xs" w={280} error={error} onClick={suggest}>
          <Pill.Group>
            {operands.map((operand, index) => (
              <Pill
                key={`${operand.type}:${operand.text}`}
                size="xs"
                withRemoveButton
                removeButtonProps={{
                  'aria-label': `Remove ${isState ? stateLabel(operand.text) : operand.text}`,
                  'aria-hidden': false,
                }}
                onRemove={() => onChange(operands.filter((_, other) => other !== index))}
              >
                {isState ? stateLabel(operand.text) : pillText(operand)}
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={label}
                data-value
                aria-describedby={describedBy}
                placeholder={operands.length === 0 ? 'Add values' : ''}
                value={text}
                onChange={(event) => {
                  setText(event.currentTarget.value);
                  suggest();
                  combobox.updateSelectedOptionIndex();
                }}
                onFocus={suggest}
                onBlur={() => {
                  combobox.closeDropdown();
                  addTyped();
                }}
                onKeyDown={(event) => {
                  const chosen = combobox.getSelectedOptionIndex() !== -1 && combobox.dropdownOpened;
                  if (event.key === 'Backspace' && text === '') onChange(operands.slice(0, -1));
                  else if (event.key === ',' || (event.key === 'Enter' && !chosen && text.trim() !== '')) {
                    event.preventDefault();
                    event.stopPropagation();
                    addTyped();
                  }
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={!isSuggested}>
        <ValueOptions {...context} q={text} open={combobox.dropdownOpened} />
      </Combobox.Dropdown>
    </Combobox>
  );
}

function pillText({ type, text }: DraftOperand): string {
  if (type === 'string') return `"${text}"`;
  return type === 'null' ? 'null' : text;
}
