import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import type { JsonType } from '../shared/metadata.js';
import classes from './type-sign.module.css';

const SIGNS: Record<JsonType, { readonly sign: string; readonly name: string }> = {
  string: { sign: 'Abc', name: 'text' },
  number: { sign: '123', name: 'number' },
  boolean: { sign: 'T/F', name: 'true or false' },
  null: { sign: 'null', name: 'null' },
  array: { sign: '[ ]', name: 'list' },
  object: { sign: '{ }', name: 'object' },
};

/** The types that a value or a field has, as short signs that are explained when pointed at. */
export function TypeSigns({ types }: { readonly types: readonly JsonType[] }): ReactElement | null {
  if (types.length === 0) return null;
  const names = types.map((type) => SIGNS[type].name).join(', ');
  return (
    <Tooltip label={`Holds: ${names}`}>
      <span className={classes['signs']} role="img" aria-label={names}>
        {types.map((type) => (
          <span key={type} className={classes['sign']} aria-hidden>
            {SIGNS[type].sign}
          </span>
        ))}
      </span>
    </Tooltip>
  );
}

/** The type in words. */
export function jsonTypeLabel(type: JsonType): string {
  return SIGNS[type].name;
}
