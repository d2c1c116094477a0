import { UnsupportedMediaTypeError } from '../metadata.errors.js';

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)"?/i;

/** The content type without its parameters, in lower case; `application/json` where the client names none. */
export function mediaTypeOf(contentType: string | undefined): string {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === '' ? 'application/json' : type;
}

/** A body without a content type is read as what it should be. @throws UnsupportedMediaTypeError for another type or charset */
export function checkContentType(header: string | undefined, types: readonly string[]): void {
  if (header === undefined || header.trim() === '') return;
  const charset = CHARSET.exec(header)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!types.includes(mediaTypeOf(header))) throw new UnsupportedMediaTypeError(header, types);
  if (charset !== 'utf-8' && charset !== 'utf8') {
    throw new UnsupportedMediaTypeError(header, [`${types.join(' or ')} in UTF-8`]);
  }
}
