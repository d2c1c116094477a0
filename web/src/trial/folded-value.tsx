import { Highlight, UnstyledButton } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { typeName } from '../grid/cell-value.js';
import { cut, formatCount } from '../grid/format.js';
import { characterCount, JsonNumber, writeJson, type JsonValue } from '../shared/metadata.js';
import classes from './metadata-tree.module.css';

/** Longer texts are folded. */
const FOLDED = 240;

/** A value in full, as JSON: strings in quotes, so that "8" is not 8. A long one opens on a click. */
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
  const folded = text.length > FOLDED && !open;
  return (
    <span className={classes['value']} data-type={typeName(value)}>
      <Highlight component="span" inherit highlight={q.trim()}>
        {folded ? `${cut(text, FOLDED)}…` : text}
      </Highlight>
      {text.length > FOLDED && (
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

/** A string's characters as people count them, without its quotes. */
function lengthOf(value: JsonValue, text: string): number {
  return typeof value === 'string' ? characterCount(value) : text.length;
}
