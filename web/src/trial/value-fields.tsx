import { Select, Textarea } from '@mantine/core';
import type { ReactElement } from 'react';
import { emptyOperand, OPERAND_TYPES, type DraftOperand } from '../filter/draft-operand.js';

interface ValueFieldsProps {
  readonly operand: DraftOperand;
  /** @param chosen whether the type was chosen */
  readonly onChange: (operand: DraftOperand, chosen: boolean) => void;
  /** Where the type comes from while nobody has chosen one; then any value is typed as text. */
  readonly typeFrom?: string | undefined;
  readonly autoFocus?: boolean;
}

/** The value of a field, and the type that it is saved as. */
export function ValueFields({
  operand,
  onChange,
  typeFrom,
  autoFocus = false,
}: ValueFieldsProps): ReactElement {
  const { type, text } = operand;
  const typed = typeFrom !== undefined || (type !== 'boolean' && type !== 'null');
  const focused = autoFocus ? { 'data-autofocus': true } : {};
  return (
    <>
      <Select
        label="Type"
        description={typeFrom}
        data={OPERAND_TYPES.map((option) => ({ value: option.type, label: option.label }))}
        value={type}
        // Not by "onChange", which keeps quiet when the type is chosen that it has already.
        onOptionSubmit={(value) => {
          const chosen = OPERAND_TYPES.find((option) => option.type === value)?.type ?? 'string';
          const isFixed = chosen === 'null' || (chosen === 'boolean' && text !== 'false');
          onChange(isFixed ? emptyOperand(chosen) : { type: chosen, text }, true);
        }}
        allowDeselect={false}
        {...(type === 'null' && !typed ? focused : {})}
      />
      {type === 'boolean' && !typed && (
        <Select
          label="Value"
          data={['true', 'false']}
          value={text}
          onChange={(value) => onChange({ type, text: value ?? 'true' }, false)}
          allowDeselect={false}
          {...focused}
        />
      )}
      {typed && (
        <Textarea
          label="Value"
          autosize
          minRows={type === 'json' ? 4 : 1}
          maxRows={16}
          dir="auto"
          value={text}
          onChange={(event) => onChange({ type, text: event.currentTarget.value }, false)}
          {...focused}
        />
      )}
    </>
  );
}
