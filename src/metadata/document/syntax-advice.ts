/** What stands at the offset, for `Expected … but found …`. */
export function describeFound(text: string, offset: number): string {
  if (offset >= text.length) return 'the end of the text';
  // By iteration, so that both halves of a pair come together.
  const [character] = text.slice(offset, offset + 2);
  return JSON.stringify(wordAt(text, offset) || character);
}

/** What to do about something that is no value: names the mistakes that people make. */
export function adviceOnValue(text: string, offset: number): string {
  const word = wordAt(text, offset);
  if (/^(NaN|Infinity|inf|nan)$/.test(word)) return 'JSON has no such number: report null or a string.';
  if (/^(True|False|None|undefined)$/.test(word)) return 'Write true, false or null.';
  if (word !== '') return 'Write a text in double quotes; true, false and null in small letters.';
  switch (text[offset]) {
    case undefined:
      return 'The text was cut off, or is empty; {} is the empty object.';
    case "'":
    case '`':
      return 'Write a text in double quotes.';
    case '/':
    case '#':
      return 'JSON has no comments: remove it.';
    case '+':
    case '.':
      return 'Write numbers such as -1, 0.5 and 1e-3.';
    case ',':
    case '}':
    case ']':
      return 'Write a value before it, or remove the comma or colon.';
    default:
      return 'A value is an object, a list, a string, a number, true, false or null.';
  }
}

function wordAt(text: string, offset: number): string {
  return /^[A-Za-z_]\w*/.exec(text.slice(offset, offset + 30))?.[0] ?? '';
}
