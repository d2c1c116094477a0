import { Menu, Text } from '@mantine/core';
import { IconCopy, IconExternalLink, IconFilter, IconFilterOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { formatCount, plainText } from '../grid/format.js';
import { isFilterable, sourceOfCell, trialOfCell, type GridColumn, type GridRow } from '../grid/column.js';
import type { CellPick } from '../grid/data-grid.js';
import { condition } from '../filter/wire.js';
import { isMetadataField } from '../fields/metadata-field.js';
import { jsonTypeOf, type JsonValue } from '../shared/metadata.js';
import { jsonTypeLabel } from '../fields/type-sign.js';
import { isOperand, MAX_OPERAND_LENGTH } from './is-operand.js';
import classes from './cell-menu.module.css';

interface CellMenuProps<Row extends GridRow> {
  readonly pick: CellPick<Row> | null;
  readonly onClose: () => void;
  readonly onFilter: (condition: JsonValue) => void;
  readonly onOpen: (row: Row, column: GridColumn) => void;
  readonly noun: string;
}

// Not "keydown", Mantine's third: the key that opens the menu would close it again on its way up the document.
const POINTER: ['mousedown', 'touchstart'] = ['mousedown', 'touchstart'];

/** What can be done with a cell: see its whole value, filter by it, copy it, open its row. */
export function CellMenu<Row extends GridRow>({
  pick,
  onClose,
  onFilter,
  onOpen,
  noun,
}: CellMenuProps<Row>): ReactElement | null {
  if (pick === null) return null;
  const { row, column, element } = pick;
  const value = column.read(row);
  const trialId = trialOfCell(row, column);
  const source = sourceOfCell(row, column);
  const { left, top, width, height } = element.getBoundingClientRect();
  const close = (): void => {
    onClose();
    element.focus({ preventScroll: true });
  };
  const filter = (added: JsonValue) => () => {
    close();
    onFilter(added);
  };
  const shown = value === undefined ? 'no value' : plainText(value, 60);
  return (
    <Menu
      opened
      onClose={close}
      position="bottom-start"
      width={320}
      returnFocus={false}
      clickOutsideEvents={POINTER}
      trapFocus
    >
      <Menu.Target>
        <span className={classes['target']} style={{ left, top, width, height }} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {column.label}
          {isMetadataField(column.field) && value !== undefined
            ? ` · ${jsonTypeLabel(jsonTypeOf(value))}`
            : ''}
          {source === null ? '' : ` · ${source}`}
        </Menu.Label>
        {value !== undefined && (
          <Text size="sm" className={classes['value']} dir="auto">
            {value === '' ? '""' : plainText(value, 2_000)}
          </Text>
        )}
        <Menu.Divider />
        {isFilterable(column) && value === undefined && (
          <>
            <Menu.Item
              leftSection={<IconFilter size={16} aria-hidden />}
              onClick={filter(condition(column.field, 'isMissing'))}
            >
              Filter: is missing
            </Menu.Item>
            <Menu.Item
              leftSection={<IconFilterOff size={16} aria-hidden />}
              onClick={filter(condition(column.field, 'exists'))}
            >
              Filter: exists
            </Menu.Item>
          </>
        )}
        {isFilterable(column) && value !== undefined && (
          <>
            <Menu.Item
              leftSection={<IconFilter size={16} aria-hidden />}
              onClick={filter(condition(column.field, 'is', value))}
              disabled={!isOperand(value)}
            >
              Filter by this value
            </Menu.Item>
            <Menu.Item
              leftSection={<IconFilterOff size={16} aria-hidden />}
              onClick={filter(condition(column.field, 'isNot', value))}
              disabled={!isOperand(value)}
            >
              Leave out this value
            </Menu.Item>
            {!isOperand(value) && (
              <Menu.Label>
                A filter takes texts of up to {formatCount(MAX_OPERAND_LENGTH)} characters: filter by a part
                of it.
              </Menu.Label>
            )}
          </>
        )}
        {value !== undefined && (
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={() => {
              void navigator.clipboard.writeText(plainText(value, Number.MAX_SAFE_INTEGER));
              close();
            }}
          >
            Copy value
          </Menu.Item>
        )}
        {trialId !== null && (
          <Menu.Item
            leftSection={<IconExternalLink size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/trials/$trialId" params={{ trialId }} {...props} />}
          >
            Open trial {trialId}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconExternalLink size={16} aria-hidden />}
          onClick={() => onOpen(row, column)}
          aria-label={`Open ${noun} ${row.id} (${shown})`}
        >
          Open {noun} {row.id}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
