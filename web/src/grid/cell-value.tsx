import { Badge } from '@mantine/core';
import type { ReactElement } from 'react';
import { stateLabel, type HostType } from '../fields/host-fields.js';
import { isJsonArray, JsonNumber, type JsonValue } from '../shared/metadata.js';
import { fitNumber } from './fit-number.js';
import { formatInstant, formatSeconds, plainText } from './format.js';
import classes from './cell-value.module.css';

interface CellValueProps {
  readonly value: JsonValue | undefined;
  readonly hostType: HostType | null;
  /** Digits that there is room for. */
  readonly room?: number;
  /** Stands for the value, instead of its own text. */
  readonly text?: string | undefined;
}

/** A value in a table, on one line. It is always text, whatever it holds; its kind is visible. */
export function CellValue({ value, hostType, room = Infinity, text }: CellValueProps): ReactElement {
  if (value === undefined) {
    return (
      <span className={classes['none']}>
        <span aria-hidden>–</span>
        <span className={classes['hidden']}>no value</span>
      </span>
    );
  }
  if (hostType === 'state' && typeof value === 'string') return <StateBadge state={value} />;
  if (hostType === 'instant' && typeof value === 'string')
    return <time dateTime={value}>{formatInstant(value)}</time>;
  if (hostType === 'seconds' && value instanceof JsonNumber)
    return <span>{formatSeconds(value.toNumber())}</span>;
  if (hostType === 'texts' && isJsonArray(value))
    return <span>{value.map((text) => plainText(text)).join(', ')}</span>;
  if (hostType !== null) return <span dir="auto">{plainText(value)}</span>;
  return (
    <span className={classes['value']} data-type={typeName(value)} dir="auto">
      {text ?? cellText(value, room)}
    </span>
  );
}

/** A value of metadata as a cell has it: a number that does not fit is shortened, other text is cut off by the cell. */
export function cellText(value: JsonValue, room: number): string {
  if (value instanceof JsonNumber) return fitNumber(value, room);
  return value === '' ? '""' : plainText(value);
}

/** How a value is coloured: by its JSON type. */
export function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  if (value instanceof JsonNumber) return 'number';
  return typeof value === 'object' ? 'json' : typeof value;
}

const STATE_COLOURS: Readonly<Record<string, string>> = {
  ACTIVE: 'blue',
  RUNNING: 'blue',
  PAUSED: 'gray',
  COMPLETED: 'green',
  CANCELED: 'gray',
  ERROR: 'red',
};

/** The state of a trial or experiment: its word, with a colour beside it. */
export function StateBadge({ state }: { readonly state: string }): ReactElement {
  return (
    <Badge
      variant="dot"
      size="sm"
      radius="sm"
      color={STATE_COLOURS[state] ?? 'gray'}
      className={classes['state']}
    >
      {stateLabel(state)}
    </Badge>
  );
}
