import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState, type ReactElement } from 'react';
import { notify } from '../app/notify.js';
import type { ExportFormat } from '../api/export.js';
import { saveFile } from '../app/save-file.js';

interface ExportMenuProps {
  /** What is exported, in words: `trials`. */
  readonly nouns: string;
  /** Makes the file: of the columns that are shown, or with whole metadata. */
  readonly make: (format: ExportFormat, everything: boolean) => Promise<Blob>;
}

/** Saves every match as a file. */
export function ExportMenu({ nouns, make }: ExportMenuProps): ReactElement {
  const [busy, setBusy] = useState(false);
  const save = async (format: ExportFormat, everything = false): Promise<void> => {
    setBusy(true);
    try {
      saveFile(await make(format, everything), `${nouns}.${format}`);
    } catch (error) {
      void notify({
        color: 'red',
        title: 'Nothing was exported',
        message: error instanceof Error ? error.message : 'Try again.',
      });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          loading={busy}
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All matching {nouns}, the columns shown</Menu.Label>
        <Menu.Item onClick={() => void save('csv')}>CSV</Menu.Item>
        <Menu.Item onClick={() => void save('jsonl')}>JSON Lines</Menu.Item>
        <Menu.Label>All matching {nouns}, whole metadata</Menu.Label>
        <Menu.Item onClick={() => void save('jsonl', true)}>JSON Lines, everything</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
