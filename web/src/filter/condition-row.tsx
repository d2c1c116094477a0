import { ActionIcon, Group, Select, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useEffect, useId, useRef, type ReactElement } from 'react';
import { FieldSelect } from '../fields/field-select.js';
import { hostField, jsonTypesOfHost } from '../fields/host-fields.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { isOperator, OPERATORS, type JsonType } from '../shared/metadata.js';
import type { DraftCondition } from './draft.js';
import { emptyOperand, operandTypeFor, type DraftOperand } from './draft-operand.js';
import { operatorChoices, withOperator } from './operator-choices.js';
import { useEditor } from './editor-context.js';
import { ValueInput } from './value-input.js';
import { ValuesInput } from './values-input.js';
import classes from './condition-row.module.css';

/** One condition of the panel: field, operator, value, and what is wrong with it. */
export function ConditionRow({ condition }: { readonly condition: DraftCondition }): ReactElement {
  const editor = useEditor();
  const problemId = useId();
  const row = useRef<HTMLDivElement>(null);
  const isFieldChosen = useRef(false);
  useEffect(() => {
    if (!isFieldChosen.current) return;
    isFieldChosen.current = false;
    row.current?.querySelector<HTMLElement>('[data-value]')?.focus();
  });
  const { field, operator, operands } = condition;
  const types = typesOf(field, editor.typesOf(field));
  const problem = editor.problemOf(condition.id);
  const set = (changes: Partial<DraftCondition>): void =>
    editor.change(condition.id, (node) => (node.kind === 'condition' ? { ...node, ...changes } : node));
  const name = field === '' ? 'this condition' : fieldLabel(field);
  const shape = OPERATORS[operator].operand;
  const context = { field, projectId: editor.projectId, filter: editor.filterBeside(condition.id) };
  const shared = { error: problem !== undefined, describedBy: problem === undefined ? undefined : problemId };

  const chooseField = (chosen: string, known: readonly JsonType[]): void => {
    isFieldChosen.current = true;
    editor.rememberTypes(chosen, known);
    const chosenTypes = typesOf(chosen, known);
    const typed = operands.some((operand) => operand.text !== '' && operand.type !== 'boolean');
    const type = operandTypeFor(chosenTypes);
    const fitting = operatorChoices(chosen, chosenTypes, 'is')[0]?.value ?? 'is';
    if (typed) set({ field: chosen });
    else
      editor.change(condition.id, (node) =>
        node.kind === 'condition'
          ? withOperator({ ...node, field: chosen, operands: [emptyOperand(type)] }, fitting)
          : node,
      );
  };

  return (
    <div
      ref={row}
      className={classes['condition']}
      role="group"
      aria-label={`Condition on ${name}`}
      data-condition={condition.id}
    >
      <Group gap={6} wrap="wrap" align="flex-start">
        <FieldSelect
          label="Field"
          projectId={editor.projectId}
          value={field}
          onChange={chooseField}
          error={problem !== undefined && field === ''}
        />
        <Select
          size="xs"
          w={170}
          aria-label={`Condition on ${name}`}
          data={operatorChoices(field, types, operator).map(({ value, label }) => ({ value, label }))}
          value={operator}
          onChange={(value) => {
            if (value !== null && isOperator(value))
              editor.change(condition.id, (node) =>
                node.kind === 'condition' ? withOperator(node, value) : node,
              );
          }}
          allowDeselect={false}
          maxDropdownHeight={400}
          comboboxProps={{ shadow: 'md' }}
        />
        {shape === 'list' && (
          <ValuesInput
            {...context}
            {...shared}
            label={`Values of ${name}`}
            types={types}
            operands={operands}
            onChange={(next) => set({ operands: next })}
          />
        )}
        {(shape === 'any' || shape === 'string') && (
          <ValueInput
            {...context}
            {...shared}
            label={`Value of ${name}`}
            operand={operands[0] ?? emptyOperand()}
            onChange={(next) => set({ operands: [next] })}
          />
        )}
        {shape === 'pair' && (
          <Bounds
            {...context}
            {...shared}
            name={name}
            operands={operands}
            onChange={(next) => set({ operands: next })}
          />
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size="md"
          aria-label={`Remove the condition on ${name}`}
          onClick={() => editor.remove(condition.id)}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      {problem !== undefined && (
        <Text id={problemId} size="xs" c="var(--mantine-color-error)" mt={2} role="alert">
          {problem}
        </Text>
      )}
    </div>
  );
}

interface BoundsProps {
  readonly name: string;
  readonly operands: readonly DraftOperand[];
  readonly onChange: (operands: readonly DraftOperand[]) => void;
  readonly field: string;
  readonly projectId: number | undefined;
  readonly filter: ReturnType<ReturnType<typeof useEditor>['filterBeside']>;
  readonly error: boolean;
  readonly describedBy: string | undefined;
}

function Bounds({ name, operands, onChange, ...rest }: BoundsProps): ReactElement {
  const low = operands[0] ?? emptyOperand();
  const high = operands[1] ?? emptyOperand(low.type);
  return (
    <>
      <ValueInput
        {...rest}
        label={`Lower bound of ${name}`}
        operand={low}
        onChange={(next) => onChange([next, high])}
      />
      <Text size="xs" c="dimmed" lh="30px">
        and
      </Text>
      <ValueInput
        {...rest}
        label={`Upper bound of ${name}`}
        operand={high}
        onChange={(next) => onChange([low, next])}
      />
    </>
  );
}

function typesOf(field: string, known: readonly JsonType[]): readonly JsonType[] {
  const host = hostField(field);
  return host === undefined ? known : jsonTypesOfHost(host.type);
}
