import { Menu } from '@mantine/core';
import {
  IconColumnRemove,
  IconFilter,
  IconPin,
  IconPinnedOff,
  IconSortAscending,
  IconSortDescending,
  IconWand,
} from '@tabler/icons-react';
import type { ReactElement } from 'react';
import type { SortAs, SortDirection } from '../api/search.js';
import { isMetadataField } from '../fields/metadata-field.js';
import type { GridColumn } from '../grid/column.js';

import type { View } from '../view/view.js';

interface HeaderMenuProps {
  readonly column: GridColumn;
  readonly view: View;
  /** The columns that are shown, in order. */
  readonly shown: readonly string[];
  readonly change: (changes: Partial<View>) => void;
  readonly onFilter: (field: string) => void;
}

/** What can be done with a column. */
export function HeaderMenu({ column, view, shown, change, onFilter }: HeaderMenuProps): ReactElement {
  const { field } = column;
  const sortBy =
    (direction: SortDirection, as: SortAs = 'json') =>
    () =>
      change({ sort: [{ field, direction, as }] });
  const pinned = view.pinned.includes(field);
  const place = shown.indexOf(field);
  const moved = (by: -1 | 1) => () => {
    const next = [...shown];
    next.splice(place, 1);
    next.splice(place + by, 0, field);
    change({ columns: next });
  };
  return (
    <>
      <Menu.Item leftSection={<IconSortAscending size={16} aria-hidden />} onClick={sortBy('asc')}>
        Sort ascending
      </Menu.Item>
      <Menu.Item leftSection={<IconSortDescending size={16} aria-hidden />} onClick={sortBy('desc')}>
        Sort descending
      </Menu.Item>
      {isMetadataField(field) && (
        <>
          <Menu.Item leftSection={<IconWand size={16} aria-hidden />} onClick={sortBy('asc', 'number')}>
            Sort as numbers
          </Menu.Item>
          <Menu.Item leftSection={<IconWand size={16} aria-hidden />} onClick={sortBy('asc', 'text')}>
            Sort as text
          </Menu.Item>
        </>
      )}
      <Menu.Divider />
      <Menu.Item leftSection={<IconFilter size={16} aria-hidden />} onClick={() => onFilter(field)}>
        Filter by this field
      </Menu.Item>
      <Menu.Item
        leftSection={pinned ? <IconPinnedOff size={16} aria-hidden /> : <IconPin size={16} aria-hidden />}
        onClick={() =>
          change({
            pinned: pinned ? view.pinned.filter((other) => other !== field) : [...view.pinned, field],
          })
        }
      >
        {pinned ? 'Unpin' : 'Pin to the left'}
      </Menu.Item>
      <Menu.Item onClick={moved(-1)} disabled={place <= 0}>
        Move left
      </Menu.Item>
      <Menu.Item onClick={moved(1)} disabled={place === shown.length - 1}>
        Move right
      </Menu.Item>
      <Menu.Item
        leftSection={<IconColumnRemove size={16} aria-hidden />}
        onClick={() => change({ columns: shown.filter((other) => other !== field) })}
      >
        Hide
      </Menu.Item>
    </>
  );
}
