import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  MeasuringStrategy,
  PointerSensor,
  useSensor,
  useSensors,
  type DragEndEvent,
} from '@dnd-kit/core';
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ActionIcon, Text } from '@mantine/core';
import { IconGripVertical, IconPin, IconPinFilled, IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { fieldLabel } from '../fields/metadata-field.js';
import classes from './shown-columns.module.css';

/** Known before anything is dragged, so that an arrow right after Space already finds the place beside. */
const MEASURING = { droppable: { strategy: MeasuringStrategy.Always } } as const;

interface ShownColumnsProps {
  readonly fields: readonly string[];
  /** Only fields with this in their name are listed; the order can then not be changed. */
  readonly q: string;
  readonly pinned: readonly string[];
  readonly onOrder: (fields: readonly string[]) => void;
  readonly onRemove: (field: string) => void;
  readonly onPin: (field: string, pin: boolean) => void;
}

/** The columns that are shown, to be put in order by dragging, or by Space and arrows on a handle. */
export function ShownColumns({
  fields,
  q,
  pinned,
  onOrder,
  onRemove,
  onPin,
}: ShownColumnsProps): ReactElement {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const onDragEnd = ({ active, over }: DragEndEvent): void => {
    if (over === null || active.id === over.id) return;
    onOrder(arrayMove([...fields], fields.indexOf(String(active.id)), fields.indexOf(String(over.id))));
  };
  const listed = fields.filter((field) => fieldLabel(field).toLowerCase().includes(q.toLowerCase()));
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      measuring={MEASURING}
      onDragEnd={onDragEnd}
    >
      <SortableContext items={[...listed]} strategy={verticalListSortingStrategy} disabled={q !== ''}>
        <ul className={classes['list']}>
          {listed.map((field) => (
            <ShownColumn
              key={field}
              field={field}
              pinned={pinned.includes(field)}
              onRemove={onRemove}
              onPin={onPin}
            />
          ))}
        </ul>
      </SortableContext>
    </DndContext>
  );
}

interface ShownColumnProps extends Pick<ShownColumnsProps, 'onRemove' | 'onPin'> {
  readonly field: string;
  readonly pinned: boolean;
}

function ShownColumn({ field, pinned, onRemove, onPin }: ShownColumnProps): ReactElement {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition } = useSortable({
    id: field,
  });
  const label = fieldLabel(field);
  return (
    <li
      ref={setNodeRef}
      className={classes['item']}
      style={{ transform: CSS.Transform.toString(transform), transition }}
    >
      <ActionIcon
        ref={setActivatorNodeRef}
        {...attributes}
        {...listeners}
        size="sm"
        variant="subtle"
        color="gray"
        className={classes['handle']}
        aria-label={`Move column ${label}`}
      >
        <IconGripVertical size={16} aria-hidden />
      </ActionIcon>
      <Text size="sm" className={classes['label']} dir="auto">
        {label}
      </Text>
      <ActionIcon
        size="sm"
        variant="subtle"
        color={pinned ? 'blue' : 'gray'}
        aria-label={`Pin column ${label}`}
        aria-pressed={pinned}
        onClick={() => onPin(field, !pinned)}
      >
        {pinned ? <IconPinFilled size={16} aria-hidden /> : <IconPin size={16} aria-hidden />}
      </ActionIcon>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={`Hide column ${label}`}
        onClick={() => onRemove(field)}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </li>
  );
}
