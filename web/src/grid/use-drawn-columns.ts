import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import type { GridColumn } from './column.js';

/** Where a column is. */
export interface ColumnPlace {
  readonly column: GridColumn;
  /** Its number among the cells of a row, from 0. */
  readonly place: number;
  readonly width: number;
  /** Pixels from the left at which a pinned column stays. */
  readonly stick: number | null;
}

/** A column that is in the document. */
export interface DrawnColumn extends ColumnPlace {
  /** Pixels of the columns before it that are not. */
  readonly gap: number;
}

interface DrawnColumnsOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  /** All columns from left to right, the pinned ones first. */
  readonly places: readonly ColumnPlace[];
  /** Pixels before the first of them. */
  readonly offset: number;
  /** Pixels that the table is scrolled by from the left when it is opened. */
  readonly initialOffset: () => number;
}

interface DrawnColumns {
  readonly drawn: readonly DrawnColumn[];
  /** Brings a column into view, and so into the document. */
  readonly showColumn: (place: number) => void;
}

/** Columns beside those in view that are drawn, on either side. */
const OVERSCAN = 3;

/**
 * The columns that are drawn: those in view and the pinned ones. A table of 200 columns takes as long as one of 20.
 * @param kept the cell's number of a column that stays in the document, since the keyboard is there
 */
export function useDrawnColumns(
  { scroller, places, offset, initialOffset }: DrawnColumnsOptions,
  kept: number,
): DrawnColumns {
  const pinned = places.filter(({ stick }) => stick !== null);
  const first = places[0]?.place ?? 0;
  const virtualizer = useVirtualizer({
    horizontal: true,
    count: places.length,
    initialOffset,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => places[index]?.width ?? 0,
    // Another function each time: it is for this, and not for other sizes, that the places are computed anew.
    getItemKey: (index) => places[index]?.column.field ?? index,
    paddingStart: offset,
    scrollPaddingStart: offset + pinned.reduce((sum, { width }) => sum + width, 0),
    overscan: OVERSCAN,
    rangeExtractor: (range) => {
      const always = places.flatMap(({ stick, place }, index) =>
        stick !== null || place === kept ? [index] : [],
      );
      return [...new Set([...always, ...defaultRangeExtractor(range)])].sort((a, b) => a - b);
    },
  });
  const items = virtualizer.getVirtualItems();
  const drawn = items.flatMap(({ index, start }, position): DrawnColumn[] => {
    const place = places[index];
    const gap = start - (items[position - 1]?.end ?? offset);
    return place === undefined ? [] : [{ ...place, gap }];
  });
  const showColumn = (place: number): void => {
    const isFree = places[place - first]?.stick === null;
    if (isFree) virtualizer.scrollToIndex(place - first);
  };
  return { drawn, showColumn };
}
