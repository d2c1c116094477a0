import { useState } from 'react';

/** Of a browser that measures no text. */
const GUESS = 8.5;
const DIGITS = '0123456789';
/** The size of a table's text, in that of the page's. */
const SCALE = 0.875;

/** Pixels that a digit takes in a table. */
export function useDigitWidth(): number {
  const [width] = useState(measure);
  return width;
}

function measure(): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return GUESS;
  context.font = getComputedStyle(document.body).font;
  return (context.measureText(DIGITS).width / DIGITS.length) * SCALE || GUESS;
}
