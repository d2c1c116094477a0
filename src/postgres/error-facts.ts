/** The system's or the database's code of an error, e.g. `ENOENT`; an empty string when it has none. */
export function codeOf(error: unknown): string {
  return textOf(error, 'code') ?? '';
}

/** What an error says, in one line; for several at once, as of a name with several addresses, all of them. */
export function reasonOf(error: unknown): string {
  const errors: unknown = property(error, 'errors');
  if (Array.isArray(errors) && errors.length > 0) return errors.map(reasonOf).join(', ');
  return (textOf(error, 'message') ?? String(error)).split('\n').join(' ');
}

function textOf(error: unknown, name: string): string | undefined {
  const value = property(error, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

// Looked at and not asked for their class: an error may come from another realm, as Node's do under Jest.
function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
