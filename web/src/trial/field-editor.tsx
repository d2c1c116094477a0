import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Dialog } from '../app/dialog.js';
import { ApiError } from '../api/api-error.js';
import { getMetadata, putMetadata, type MetadataDocument } from '../api/metadata.js';
import { valueAtPath } from '../fields/metadata-field.js';
import { jsonTypeLabel } from '../fields/type-sign.js';
import { emptyOperand, operandOf, readOperand, type DraftOperand } from '../filter/draft-operand.js';
import { changeAtPath, obstacleTo } from '../shared/change-at-path.js';
import { formatPath, jsonTypeOf, parsePath, type JsonValue, type Path } from '../shared/metadata.js';
import { ConflictNotice, type EditConflict } from './conflict-notice.js';
import { LeaveQuestion } from './leave-question.js';
import { useAddedValue } from './use-added-value.js';
import { ValueFields } from './value-fields.js';

/** What is being done to the metadata. */
export type FieldEdit =
  | { readonly kind: 'add' }
  | { readonly kind: 'change'; readonly path: Path; readonly value: JsonValue }
  | { readonly kind: 'delete'; readonly path: Path };

interface FieldEditorProps {
  readonly edit: FieldEdit;
  readonly projectId: number;
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
 * somebody else was faster, it shows what they did and lets the person decide. What was typed goes only when one says so.
 */
export function FieldEditor(props: FieldEditorProps): ReactElement {
  const { edit, projectId, current, onSaved, onConflict, onClose } = props;
  // What the page shows may become newer meanwhile; the edit is of what it began with.
  const [start] = useState(current);
  const [name, setName] = useState(edit.kind === 'add' ? '' : formatPath(edit.path));
  const [was] = useState(() => (edit.kind === 'change' ? operandOf(edit.value) : emptyOperand()));
  const [changed, setChanged] = useState<DraftOperand>(was);
  const added = useAddedValue(projectId, edit.kind === 'add' ? name : '');
  const operand = edit.kind === 'add' ? added.operand : changed;
  const [leaving, setLeaving] = useState(false);
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
    const change = readChange(edit, name, operand, start, base);
    setProblem('problem' in change ? change.problem : null);
    if (!('problem' in change)) save.mutate(change);
  };
  const failure =
    conflict !== null && save.error instanceof ApiError && save.error.status === 412 ? null : save.error;

  const isTyped =
    edit.kind === 'add'
      ? name !== '' || operand.text !== ''
      : operand.type !== was.type || operand.text !== was.text;

  return (
    // Escape once more goes back to the editing.
    <Dialog
      title={TITLES[edit.kind]}
      onClose={isTyped && !save.isPending ? () => setLeaving(!leaving) : onClose}
      size="lg"
    >
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
            <ValueFields
              operand={operand}
              onChange={edit.kind === 'add' ? added.change : setChanged}
              typeFrom={edit.kind === 'add' ? added.typeFrom : undefined}
              autoFocus={edit.kind === 'change'}
            />
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
          {leaving && <LeaveQuestion onStay={() => setLeaving(false)} onLeave={onClose} />}
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

/**
 * @param start the metadata that the editing began with: a name that was taken by then is refused
 * @param base the metadata that the change is made to
 */
function readChange(
  edit: FieldEdit,
  name: string,
  operand: DraftOperand,
  start: MetadataDocument,
  base: MetadataDocument,
): Change | { readonly problem: string } {
  if (edit.kind === 'delete') return { path: edit.path, value: undefined };
  const reading = readOperand(operand);
  if (edit.kind === 'add' && name.trim() === '') return { problem: 'Enter a name.' };
  if ('problem' in reading) return reading;
  try {
    const path = edit.kind === 'add' ? parsePath(name.trim()) : edit.path;
    if (edit.kind === 'add' && valueAtPath(start.metadata, path) !== undefined)
      return { problem: `There is a field ${name} already. Change that one, or choose another name.` };
    const obstacle = obstacleTo(base.metadata, path);
    if (obstacle !== undefined) {
      const held = formatPath(obstacle.path);
      return {
        problem: `${held} has a value (${jsonTypeLabel(jsonTypeOf(obstacle.value))}), not fields, and saving would replace it. Choose another name, or delete ${held} first.`,
      };
    }
    return { path, value: reading.value };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is no name of a field.' };
  }
}
