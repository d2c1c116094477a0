import { Highlight, UnstyledButton } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { typeName } from '../grid/cell-value.js';
import { fitNumber } from '../grid/fit-number.js';
import { cut, formatCount } from '../grid/format.js';
import { characterCount, JsonNumber, writeJson, type JsonValue } from '../shared/metadata.js';
import classes from './metadata-tree.module.css';

/** Longer texts are folded. */
const FOLDED = 240;
/** Nobody counts the zeros of a longer number. */
const FOLDED_NUMBER = 40;
const NUMBER_ROOM = 24;

/**
 * A value in full, as JSON: strings in quotes, so that "8" is not 8. A long one opens on a click; until then a number is
 * in e-notation.
 */
export function FoldedValue({
  value,
  q = '',
}: {
  readonly value: JsonValue;
  readonly q?: string;
}): ReactElement {
  const [open, setOpen] = useState(false);
  const text =
    typeof value === 'string' ? `"${value}"` : value instanceof JsonNumber ? value.text : writeJson(value);
  const long = text.length > (value instanceof JsonNumber ? FOLDED_NUMBER : FOLDED);
  return (
    <span className={classes['value']} data-type={typeName(value)}>
      <Highlight component="span" inherit highlight={q.trim()}>
        {long && !open ? shortened(value, text) : text}
      </Highlight>
      {long && (
        <UnstyledButton
          ml={6}
          fz="xs"
          c="var(--mantine-color-anchor)"
          aria-expanded={open}
          onClick={(event) => {
            event.stopPropagation();
            setOpen(!open);
          }}
        >
          {open ? 'Fold' : `Show all ${formatCount(lengthOf(value, text))} characters`}
        </UnstyledButton>
      )}
    </span>
  );
}

function shortened(value: JsonValue, text: string): string {
  return value instanceof JsonNumber ? fitNumber(value, NUMBER_ROOM) : `${cut(text, FOLDED)}…`;
}

/** A string's characters as people count them, without its quotes. */
function lengthOf(value: JsonValue, text: string): number {
  return typeof value === 'string' ? characterCount(value) : text.length;
}
