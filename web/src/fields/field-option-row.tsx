import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { formatCount } from '../grid/format.js';
import type { FieldOption } from './field-options.js';
import { TypeSigns } from './type-sign.js';
import classes from './field-option-row.module.css';

/** A field in a menu: its name, its types and in how many trials it is. */
export function FieldOptionRow({ option }: { readonly option: FieldOption }): ReactElement {
  return (
    <span className={classes['row']} style={{ paddingInlineStart: `${option.depth}rem` }}>
      <Text component="span" size="sm" className={classes['label']} dir="auto" title={option.label}>
        {option.label}
      </Text>
      <TypeSigns types={option.trials === null ? [] : option.types} />
      {option.trials !== null && (
        <Text
          component="span"
          size="xs"
          c="dimmed"
          className={classes['count']}
          title={`in ${formatCount(option.trials)} trials`}
        >
          {formatCount(option.trials)}
        </Text>
      )}
    </span>
  );
}
