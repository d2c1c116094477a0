import { Alert, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import type { MetadataDocument } from '../api/metadata.js';
import { formatInstant } from '../grid/format.js';
import { formatPath, writeJson, type JsonValue, type Path } from '../shared/metadata.js';
import { FoldedValue } from './folded-value.js';

/** Somebody else changed the metadata while it was being edited. */
export interface EditConflict {
  readonly latest: MetadataDocument;
  readonly path: Path;
  /** What the field held when the editing began, and what it holds now; undefined when it is not there. */
  readonly before: JsonValue | undefined;
  readonly now: JsonValue | undefined;
  readonly changedKeys: readonly string[];
}

/** Says who was faster, with what, and what saving will do. */
export function ConflictNotice({ conflict }: { readonly conflict: EditConflict }): ReactElement {
  const { latest, path, before, now, changedKeys } = conflict;
  const same = textOf(before) === textOf(now);
  return (
    <Alert color="orange" icon={<IconUsers aria-hidden />} title="Somebody else was faster" role="alert">
      <Text size="sm">
        {latest.updatedBy ?? 'Somebody'} changed{' '}
        {changedKeys.length === 0 ? 'this trial' : changedKeys.join(', ')}
        {latest.updatedAt === null ? '' : ` at ${formatInstant(latest.updatedAt)}`}; the metadata is at
        revision {latest.revision} now.
      </Text>
      {same ? (
        <Text size="sm">
          The field {formatPath(path)} is as it was, so saving yours takes nothing of theirs away.
        </Text>
      ) : (
        <Text size="sm" component="div">
          The field {formatPath(path)} is now {now === undefined ? 'gone' : <FoldedValue value={now} />}.
          Saving yours replaces it.
        </Text>
      )}
    </Alert>
  );
}

function textOf(value: JsonValue | undefined): string {
  return value === undefined ? '' : writeJson(value);
}
