import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  parseJson,
  writeJson,
  type JsonType,
  type JsonValue,
} from '../shared/metadata.js';

/** Lists and objects are typed as JSON text. */
export type OperandType = 'string' | 'number' | 'boolean' | 'null' | 'json';

/** A value while it is being typed: text, and the type that the text stands for. */
export interface DraftOperand {
  readonly type: OperandType;
  readonly text: string;
}

export const OPERAND_TYPES: readonly {
  readonly type: OperandType;
  readonly label: string;
  readonly sign: string;
}[] = [
  { type: 'string', label: 'Text', sign: 'Abc' },
  { type: 'number', label: 'Number', sign: '123' },
  { type: 'boolean', label: 'True or false', sign: 'T/F' },
  { type: 'null', label: 'Null', sign: 'null' },
  { type: 'json', label: 'List or object (JSON)', sign: '{ }' },
];

export function emptyOperand(type: OperandType = 'string'): DraftOperand {
  return { type, text: type === 'boolean' ? 'true' : '' };
}

export function operandOf(value: JsonValue): DraftOperand {
  if (value === null) return { type: 'null', text: '' };
  if (typeof value === 'string') return { type: 'string', text: value };
  if (typeof value === 'boolean') return { type: 'boolean', text: String(value) };
  if (value instanceof JsonNumber) return { type: 'number', text: value.text };
  return { type: 'json', text: writeJson(value) };
}

/** What an operand comes to: its value, or why it has none yet. */
export type OperandReading = { readonly value: JsonValue } | { readonly problem: string };

export function readOperand(operand: DraftOperand): OperandReading {
  switch (operand.type) {
    case 'string':
      return { value: operand.text };
    case 'null':
      return { value: null };
    case 'boolean': {
      const text = operand.text.trim();
      if (text === 'true' || text === 'false') return { value: text === 'true' };
      return { problem: 'Write true or false, or choose another type.' };
    }
    case 'number': {
      const value = parsed(operand.text);
      if (value instanceof JsonNumber) return { value };
      return {
        problem:
          operand.text.trim() === ''
            ? 'Enter a number.'
            : 'This is no number. Write it like 64, -0.5 or 1e-3.',
      };
    }
    case 'json': {
      const value = parsed(operand.text);
      if (isJsonArray(value) || isJsonObject(value)) return { value };
      return { problem: 'Write a list like ["a", 1] or an object like {"a": 1}.' };
    }
  }
}

/** The type that an operand starts with, for a field that holds these types. */
export function operandTypeFor(types: readonly JsonType[]): OperandType {
  const first = types[0] ?? 'string';
  return first === 'array' || first === 'object' ? 'string' : first;
}

/** The type that a text reads as: that of the JSON it is, else text. */
export function typeOfText(text: string): OperandType {
  const value = parsed(text);
  return value === undefined ? 'string' : operandOf(value).type;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text.trim());
  } catch {
    return undefined;
  }
}
