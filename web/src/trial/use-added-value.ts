import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { metadataField } from '../fields/metadata-field.js';
import { useFieldTypes } from '../fields/use-field-types.js';
import { typeOfText, type DraftOperand, type OperandType } from '../filter/draft-operand.js';
import { parsePath, type JsonType } from '../shared/metadata.js';

/** The value of a field that is being added. */
export interface AddedValue {
  readonly operand: DraftOperand;
  /** Why it has the type that it has; undefined once somebody has chosen it. */
  readonly typeFrom: string | undefined;
  /** @param isChosen whether the type was chosen, and not only the text typed */
  readonly change: (operand: DraftOperand, isChosen: boolean) => void;
}

/**
 * The value of a field that is being added, with the type that other trials have it in, or else the one that the text reads
 * as: `64` is a number. A type that is chosen stays.
 */
export function useAddedValue(projectId: number, name: string): AddedValue {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<OperandType | null>(null);
  const [settled] = useDebouncedValue(name.trim(), 150);
  const field = fieldNamed(settled);
  const typesOf = useFieldTypes(projectId, field === null ? [] : [field]);
  const known = field === null ? [] : operandTypes(typesOf(field));
  const read = typeOfText(text);
  const type = chosen ?? (known.includes(read) ? read : (known[0] ?? read));
  return {
    operand: { type, text },
    typeFrom: chosen === null ? reason(known, text, read) : undefined,
    change: (operand, isChosen) => {
      if (isChosen) setChosen(operand.type);
      setText(operand.text);
    },
  };
}

function reason(known: readonly OperandType[], text: string, read: OperandType): string {
  if (known.length > 0) return 'As other trials have this field. Choose another if you mean one.';
  if (text.trim() === '') return 'As the value reads, unless you choose one.';
  return read === 'string' ? 'As the value reads.' : 'As the value reads. Choose Text to keep it as text.';
}

function fieldNamed(name: string): string | null {
  try {
    return name === '' ? null : metadataField(parsePath(name));
  } catch {
    return null;
  }
}

/** Null tells nothing of what a value is like. */
function operandTypes(types: readonly JsonType[]): readonly OperandType[] {
  return types.flatMap((type) => {
    if (type === 'null') return [];
    return type === 'array' || type === 'object' ? ['json'] : [type];
  });
}
