import { Alert, Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Dialog } from '../app/dialog.js';
import { ApiError } from '../api/api-error.js';
import { getMetadata, putMetadata, type MetadataDocument } from '../api/metadata.js';
import { valueAtPath } from '../fields/metadata-field.js';
import {
  emptyOperand,
  OPERAND_TYPES,
  operandOf,
  readOperand,
  type DraftOperand,
} from '../filter/draft-operand.js';
import { changeAtPath } from '../shared/change-at-path.js';
import { formatPath, parsePath, type JsonValue, type Path } from '../shared/metadata.js';
import { ConflictNotice, type EditConflict } from './conflict-notice.js';

/** What is being done to the metadata. */
export type FieldEdit =
  | { readonly kind: 'add' }
  | { readonly kind: 'change'; readonly path: Path; readonly value: JsonValue }
  | { readonly kind: 'delete'; readonly path: Path };

interface FieldEditorProps {
  readonly edit: FieldEdit;
  readonly current: MetadataDocument;
  readonly onSaved: (document: MetadataDocument) => void;
  /** Somebody else was faster: the metadata as it is now. */
  readonly onConflict: (latest: MetadataDocument) => void;
  readonly onClose: () => void;
}

interface Change {
  readonly path: Path;
  /** Undefined deletes the field. */
  readonly value: JsonValue | undefined;
}

const TITLES = { add: 'Add a field', change: 'Change a field', delete: 'Delete a field' } as const;

/**
 * Changes, adds or deletes one field. The whole document is sent, bound to the revision that it was made from; when
 * somebody else was faster, it shows what he did and lets the person decide.
 */
export function FieldEditor({ edit, current, onSaved, onConflict, onClose }: FieldEditorProps): ReactElement {
  // What the page shows may become newer meanwhile; the edit is of what it began with.
  const [start] = useState(current);
  const [name, setName] = useState(edit.kind === 'add' ? '' : formatPath(edit.path));
  const [operand, setOperand] = useState<DraftOperand>(
    edit.kind === 'change' ? operandOf(edit.value) : emptyOperand(),
  );
  const [base, setBase] = useState(start);
  const [problem, setProblem] = useState<string | null>(null);
  const [conflict, setConflict] = useState<EditConflict | null>(null);
  const save = useMutation({
    mutationFn: ({ path, value }: Change) =>
      putMetadata(base.trialId, changeAtPath(base.metadata, path, value), base.revision),
    onSuccess: onSaved,
    onError: async (error, { path }) => {
      if (!(error instanceof ApiError) || error.status !== 412) return;
      const latest = await getMetadata(base.trialId).catch(() => null);
      if (latest === null) {
        // With nothing to show of the conflict, the refusal itself is shown.
        setConflict(null);
        return;
      }
      setConflict({
        latest,
        path,
        before: valueAtPath(base.metadata, path),
        now: valueAtPath(latest.metadata, path),
        changedKeys: error.conflict?.changedKeys ?? [],
      });
      setBase(latest);
      onConflict(latest);
    },
  });

  const submit = (): void => {
    const change = readChange(edit, name, operand, start);
    setProblem('problem' in change ? change.problem : null);
    if (!('problem' in change)) save.mutate(change);
  };
  const failure =
    conflict !== null && save.error instanceof ApiError && save.error.status === 412 ? null : save.error;

  return (
    <Dialog title={TITLES[edit.kind]} onClose={onClose} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="sm">
          {edit.kind === 'add' ? (
            <TextInput
              label="Name"
              description={
                'Dots lead into objects: hardware.gpu. A key with a dot in it goes in quotes: "lr.schedule".warmup.'
              }
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
          ) : (
            <Text fw={600} dir="auto">
              {name}
            </Text>
          )}
          {edit.kind === 'delete' ? (
            <Text size="sm">
              The field goes, with all that is in it. It can be restored from the history.
            </Text>
          ) : (
            <ValueFields operand={operand} onChange={setOperand} />
          )}
          {problem !== null && (
            <Alert color="red" variant="light" role="alert">
              {problem}
            </Alert>
          )}
          {conflict !== null && <ConflictNotice conflict={conflict} />}
          {failure !== null && (
            <Alert color="red" variant="light" role="alert" title="Not saved; what you typed is still here">
              {failure.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color={edit.kind === 'delete' ? 'red' : 'blue'} loading={save.isPending}>
              {conflict !== null ? 'Save mine nevertheless' : edit.kind === 'delete' ? 'Delete' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function ValueFields({
  operand,
  onChange,
}: {
  readonly operand: DraftOperand;
  readonly onChange: (operand: DraftOperand) => void;
}): ReactElement {
  return (
    <>
      <Select
        label="Type"
        data={OPERAND_TYPES.map(({ type, label }) => ({ value: type, label }))}
        value={operand.type}
        onChange={(value) => {
          const type = OPERAND_TYPES.find((option) => option.type === value)?.type ?? 'string';
          onChange(type === 'boolean' || type === 'null' ? emptyOperand(type) : { type, text: operand.text });
        }}
        allowDeselect={false}
      />
      {operand.type === 'boolean' && (
        <Select
          label="Value"
          data={['true', 'false']}
          value={operand.text}
          onChange={(text) => onChange({ ...operand, text: text ?? 'true' })}
          allowDeselect={false}
        />
      )}
      {operand.type !== 'boolean' && operand.type !== 'null' && (
        <Textarea
          label="Value"
          autosize
          minRows={operand.type === 'json' ? 4 : 1}
          maxRows={16}
          dir="auto"
          value={operand.text}
          onChange={(event) => onChange({ ...operand, text: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function readChange(
  edit: FieldEdit,
  name: string,
  operand: DraftOperand,
  current: MetadataDocument,
): Change | { readonly problem: string } {
  if (edit.kind === 'delete') return { path: edit.path, value: undefined };
  const reading = readOperand(operand);
  if ('problem' in reading) return reading;
  if (edit.kind === 'change') return { path: edit.path, value: reading.value };
  if (name.trim() === '') return { problem: 'Enter a name.' };
  try {
    const path = parsePath(name.trim());
    if (valueAtPath(current.metadata, path) !== undefined)
      return { problem: `There is a field ${name} already. Change that one, or choose another name.` };
    return { path, value: reading.value };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is no name of a field.' };
  }
}
