import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState, type ReactElement } from 'react';
import { notify } from '../app/notify.js';
import { exportTrials, type ExportFormat } from '../api/export.js';
import type { Search } from '../api/search.js';
import { saveFile } from '../app/save-file.js';

interface ExportMenuProps {
  readonly search: Search;
  readonly columns: readonly string[];
}

/** Saves every matching trial, with the columns that are shown, as a file. */
export function ExportMenu({ search, columns }: ExportMenuProps): ReactElement {
  const [busy, setBusy] = useState(false);
  const save = async (format: ExportFormat, fields: readonly string[] | undefined): Promise<void> => {
    setBusy(true);
    try {
      saveFile(await exportTrials({ ...search, fields }, format), `trials.${format}`);
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
        <Menu.Label>All matching trials, the columns shown</Menu.Label>
        <Menu.Item onClick={() => void save('csv', columns)}>CSV</Menu.Item>
        <Menu.Item onClick={() => void save('jsonl', columns)}>JSON Lines</Menu.Item>
        <Menu.Label>All matching trials, whole metadata</Menu.Label>
        <Menu.Item onClick={() => void save('jsonl', undefined)}>JSON Lines, everything</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
