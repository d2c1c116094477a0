import { ServerDownError } from '../api/api-error.js';

/** A part of the page, its script or its style sheet, could not be loaded. */
export class PartMissingError extends Error {
  constructor(cause: unknown) {
    super(
      'A part of the page could not be loaded: the server is out of reach, or it has a newer version of the page. Trying again loads the page anew.',
      { cause },
    );
    this.name = 'PartMissingError';
  }
}

/**
 * An import that stays failed once it has failed: browsers keep the script so, and Vite takes a style sheet that it
 * asked for to be there. Only {@link reloadPage} helps.
 * @throws PartMissingError
 */
export function importPart<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let missing: PartMissingError | undefined;
  return async () => {
    if (missing !== undefined) throw missing;
    try {
      return await load();
    } catch (error) {
      missing = new PartMissingError(error);
      throw missing;
    }
  };
}

/**
 * Loads the page anew at the address that it is at, when its server can be reached: a browser would show its own error in
 * place of the page.
 * @throws ServerDownError
 */
export async function reloadPage(): Promise<void> {
  const request = { method: 'HEAD', cache: 'no-store', redirect: 'manual' } as const;
  const answer = await fetch(document.baseURI, request).catch(() => null);
  if (answer === null || answer.status >= 500) throw new ServerDownError();
  window.location.reload();
}
