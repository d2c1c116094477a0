const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether the text is a number as JSON writes it. */
export function isJsonNumberText(text: string): boolean {
  return JSON_NUMBER.test(text);
}
