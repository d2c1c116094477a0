import { Button, CopyButton, Group, SegmentedControl, Text, TextInput, Title } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import type { MetadataDocument } from '../api/metadata.js';
import { QueryState } from '../app/query-state.js';
import { saveFile } from '../app/save-file.js';
import { metadataField } from '../fields/metadata-field.js';
import { condition, withCondition } from '../filter/wire.js';
import { formatInstant } from '../grid/format.js';
import { useCanEdit } from '../session/use-me.js';
import { writeJson, type JsonValue, type Path } from '../shared/metadata.js';
import { prettyJson } from '../shared/pretty-json.js';
import { FieldEditor, type FieldEdit } from './field-editor.js';
import { metadataQuery } from './metadata-query.js';
import { MetadataTree } from './metadata-tree.js';
import { useShowMetadata } from './use-show-metadata.js';
import classes from './metadata-tree.module.css';

interface MetadataSectionProps {
  readonly trialId: number;
  readonly projectId: number;
}

/** The section "Metadata" of a trial: as a tree or as JSON, to be searched, copied, and by editors changed. */
export function MetadataSection({ trialId, projectId }: MetadataSectionProps): ReactElement {
  const [q, setQ] = useState('');
  const [look, setLook] = useState('tree');
  const [edit, setEdit] = useState<FieldEdit | null>(null);
  const canEdit = useCanEdit(projectId);
  const navigate = useNavigate();
  const show = useShowMetadata();
  const query = useQuery(metadataQuery(trialId));
  const current = query.data;

  const find = (path: Path, value: JsonValue): void => {
    const filter = withCondition(null, condition(metadataField(path), 'is', value));
    void navigate({ to: '/trials', search: { project: String(projectId), filter: writeJson(filter) } });
  };
  const saved = (document: MetadataDocument): void => {
    show(document);
    setEdit(null);
  };

  return (
    <section aria-labelledby="metadata-title">
      <Group gap="sm" mb="xs">
        <Title order={2} size="h4" id="metadata-title">
          Metadata
        </Title>
        {current !== undefined && current.revision > 0 && (
          <Text size="xs" c="dimmed">
            revision {current.revision}
            {current.updatedAt === null ? '' : `, ${formatInstant(current.updatedAt)}`}
            {current.updatedBy === null ? '' : ` by ${current.updatedBy}`}
          </Text>
        )}
        <Group gap={6} ml="auto">
          {canEdit && current !== undefined && (
            <Button
              size="xs"
              variant="light"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setEdit({ kind: 'add' })}
            >
              Add field
            </Button>
          )}
          {current !== undefined && <DocumentActions document={current} />}
        </Group>
      </Group>
      <Group gap="sm" mb="xs">
        <TextInput
          size="xs"
          w={280}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
          placeholder="Search in keys and values"
          aria-label="Search in keys and values"
          leftSection={<IconSearch size={14} aria-hidden />}
          disabled={look === 'raw'}
        />
        <SegmentedControl
          size="xs"
          aria-label="How the metadata is shown"
          value={look}
          onChange={setLook}
          data={[
            { value: 'tree', label: 'Tree' },
            { value: 'raw', label: 'JSON' },
          ]}
        />
      </Group>
      <QueryState query={query} label="the metadata" />
      {current !== undefined &&
        (look === 'tree' ? (
          <MetadataTree
            document={current.metadata}
            q={q}
            onFind={find}
            onEdit={canEdit ? (path, value) => setEdit({ kind: 'change', path, value }) : undefined}
            onDelete={canEdit ? (path) => setEdit({ kind: 'delete', path }) : undefined}
          />
        ) : (
          <pre className={classes['raw']} tabIndex={0} aria-label="Metadata as JSON">
            {prettyJson(current.metadata)}
          </pre>
        ))}
      {edit !== null && current !== undefined && (
        <FieldEditor
          edit={edit}
          projectId={projectId}
          current={current}
          onSaved={saved}
          onConflict={show}
          onClose={() => setEdit(null)}
        />
      )}
    </section>
  );
}

function DocumentActions({ document }: { readonly document: MetadataDocument }): ReactElement {
  const text = prettyJson(document.metadata);
  return (
    <>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            variant="default"
            onClick={copy}
            leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          >
            {copied ? 'Copied' : 'Copy JSON'}
          </Button>
        )}
      </CopyButton>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() =>
          saveFile(
            new Blob([`${text}\n`], { type: 'application/json' }),
            `trial-${document.trialId}-metadata.json`,
          )
        }
      >
        Download
      </Button>
    </>
  );
}
