import { InvalidRequestError } from '../metadata.errors.js';
import { shortenText } from './shorten-text.js';

/** A text that is no path; `column` counts characters from 1, `reason` says what is wrong there and what to do. */
export class InvalidPathError extends InvalidRequestError {
  readonly text: string;
  readonly column: number;
  readonly reason: string;

  constructor(text: string, offset: number, reason: string, place?: string) {
    const shown = shortenText(text);
    const column = Array.from(text.slice(0, offset)).length + 1;
    const message = `"${shown}" is no path: at column ${column}, ${reason}. Examples: hardware.gpu, "lr.schedule".warmup`;
    super([{ path: place ?? shown, code: 'invalid_path', message }]);
    this.message = message;
    this.text = text;
    this.column = column;
    this.reason = reason;
  }
}
