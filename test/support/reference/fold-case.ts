/** The text without regard to case; the two small sigmas count as one. */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}
