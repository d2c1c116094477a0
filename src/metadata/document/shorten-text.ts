/** The text itself when it is short, else its beginning and `…`: for messages. */
export function shortenText(text: string, length: number = 60): string {
  if (text.length <= length) return text;
  const beginning = text.slice(0, length);
  // Not between the halves of a pair.
  return `${/[\uD800-\uDBFF]$/.test(beginning) ? beginning.slice(0, -1) : beginning}…`;
}
