import { InvalidRequestError } from '../../metadata/index.js';

/** Whether what is read goes through as a part of a request. */
export function isAccepted(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof InvalidRequestError) return false;
    throw error;
  }
}
