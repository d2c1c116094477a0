/**
 * Says `line 3, column 14` for each offset; both count from 1, a column is a character. The offsets are in ascending
 * order, so that one pass over the text serves them all.
 */
export function placesIn(text: string, offsets: readonly number[]): readonly string[] {
  let line = 1;
  let column = 1;
  let at = 0;
  return offsets.map((offset) => {
    for (; at < offset; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === 0x0a) {
        line += 1;
        column = 1;
      } else if (unit < 0xdc00 || unit > 0xdfff) {
        // The second half of a pair is no character of its own.
        column += 1;
      }
    }
    return `line ${line}, column ${column}`;
  });
}
