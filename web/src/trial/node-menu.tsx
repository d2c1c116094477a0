import { Menu } from '@mantine/core';
import { IconCopy, IconPencil, IconSearch, IconTrash } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { notify } from '../app/notify.js';
import { plainText } from '../grid/format.js';
import { formatPath, type JsonValue, type Path } from '../shared/metadata.js';
import type { MetadataNode } from './tree-nodes.js';
import classes from '../table/cell-menu.module.css';

/** What the page offers at a field; changing only to who may. */
export interface NodeActions {
  readonly onFind: (path: Path, value: JsonValue) => void;
  readonly onEdit?: ((path: Path, value: JsonValue) => void) | undefined;
  readonly onDelete?: ((path: Path) => void) | undefined;
}

interface NodeMenuProps extends NodeActions {
  readonly node: MetadataNode | null;
  readonly element: HTMLElement | null;
  readonly onClose: () => void;
}

// Not "keydown", Mantine's third: the key that opens the menu would close it again on its way up the document.
const POINTER: ['mousedown', 'touchstart'] = ['mousedown', 'touchstart'];

/** The menu at a field of the tree. */
export function NodeMenu({
  node,
  element,
  onClose,
  onFind,
  onEdit,
  onDelete,
}: NodeMenuProps): ReactElement | null {
  if (node === null || element === null) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  const { path, value } = node;
  const copy = (text: string, what: string) => () => {
    onClose();
    navigator.clipboard.writeText(text).then(
      () => notify({ message: `${what} copied`, autoClose: 2_000 }),
      () =>
        void notify({
          color: 'red',
          message: 'The browser does not let this page copy. Select the text instead.',
        }),
    );
  };
  return (
    <Menu opened onClose={onClose} position="bottom-end" returnFocus={false} clickOutsideEvents={POINTER}>
      <Menu.Target>
        <span className={classes['target']} style={{ left, top, width, height }} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCopy size={16} aria-hidden />}
          onClick={copy(plainText(value, Number.MAX_SAFE_INTEGER), 'Value')}
        >
          Copy value
        </Menu.Item>
        {path !== null && (
          <>
            <Menu.Item
              leftSection={<IconCopy size={16} aria-hidden />}
              onClick={copy(`metadata.${formatPath(path)}`, 'Path')}
            >
              Copy path
            </Menu.Item>
            <Menu.Item leftSection={<IconSearch size={16} aria-hidden />} onClick={() => onFind(path, value)}>
              Find trials with this value
            </Menu.Item>
            {onEdit !== undefined && (
              <Menu.Item
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => {
                  onClose();
                  onEdit(path, value);
                }}
              >
                Change
              </Menu.Item>
            )}
            {onDelete !== undefined && (
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => {
                  onClose();
                  onDelete(path);
                }}
              >
                Delete
              </Menu.Item>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
