import type { CSSProperties } from 'react';
import type { DrawnColumn } from './use-drawn-columns.js';

/** Where the cells of a column are, in its heading and in every row. */
export function cellStyle({
  width,
  stick,
  gap,
}: Pick<DrawnColumn, 'width' | 'stick' | 'gap'>): CSSProperties {
  return {
    width,
    ...(stick === null ? {} : { left: stick }),
    ...(gap === 0 ? {} : { marginInlineStart: gap }),
  };
}
