/** Where the page is, and where it finds the API. */
export interface MetadataUiOptions {
  /** Where the host serves the page; `/metadata-ui` by default, `/` for its root. */
  readonly path?: string;
  /** The same as browsers see it, where a proxy in front takes a prefix away or puts one before; `path` by default. */
  readonly publicPath?: string;
  /**
   * Where browsers find the API: the host's prefix, or a URL of another origin, whose host must then allow this one by
   * CORS. `/api/v1` by default.
   */
  readonly apiBase?: string;
  /** Paths within the page's that are not the page's; by default `apiBase`. Needed where `path` is `/`. */
  readonly except?: readonly string[];
  /**
   * `token`: the page asks for a token of the API, and sends it as `Authorization: Bearer`. `host`: it asks for nothing
   * and sends the browser's cookies, for a host that has signed its users in already or lets everybody in. `token` by
   * default.
   */
  readonly signIn?: 'token' | 'host';
  /** With `signIn: 'host'`: where a user whose session at the host has ended signs in again. */
  readonly signInUrl?: string;
  /** Folder of the built page; by default that of this package. */
  readonly folder?: string;
}

/** The options with every default filled in; paths end in a slash. */
export interface CheckedUiOptions {
  readonly path: string;
  readonly publicPath: string;
  readonly apiBase: string;
  /** The origin of the API where it is not the page's own. */
  readonly apiOrigin: string | undefined;
  readonly except: readonly string[];
  readonly signIn: 'token' | 'host';
  readonly signInUrl: string | undefined;
  readonly folder: string;
}

/** What a path may be of: no query, no encoding, no way up. */
const PATH = /^\/(?:[\w~!$&'()*+,;=:@-][\w.~!$&'()*+,;=:@-]*\/?)*$/;

/** @throws Error of one line that names the option and what it takes */
export function checkUiOptions(options: MetadataUiOptions, builtPage: string): CheckedUiOptions {
  const path = checkPath('path', options.path ?? '/metadata-ui');
  const apiBase = options.apiBase ?? '/api/v1';
  const apiOrigin = originOf(apiBase);
  if (apiOrigin === undefined) checkPath('apiBase', apiBase);
  const signIn: unknown = options.signIn ?? 'token';
  if (signIn !== 'token' && signIn !== 'host') {
    throw new Error(`MetadataUiModule: signIn must be "token" or "host", not ${JSON.stringify(signIn)}.`);
  }
  const except = options.except ?? (apiOrigin === undefined ? [apiBase] : []);
  return Object.freeze({
    path,
    publicPath: checkPath('publicPath', options.publicPath ?? path),
    apiBase,
    apiOrigin,
    except: except.map((one) => checkPath('except', one)),
    signIn,
    signInUrl: checkSignInUrl(options.signInUrl),
    folder: options.folder ?? builtPage,
  });
}

function checkPath(name: string, path: string): string {
  if (!PATH.test(path)) {
    throw new Error(
      `MetadataUiModule: ${name} must be a path from the root, such as "/metadata-ui", not ${JSON.stringify(path)}.`,
    );
  }
  return path.endsWith('/') ? path : `${path}/`;
}

function originOf(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url)) return undefined;
  if (URL.canParse(url)) return new URL(url).origin;
  throw new Error(
    `MetadataUiModule: apiBase must be a path or a URL with http or https, not ${JSON.stringify(url)}.`,
  );
}

/** A link of another kind, such as `javascript:`, would be a script of whoever wrote the option. */
function checkSignInUrl(url: string | undefined): string | undefined {
  if (url === undefined || /^(https?:\/\/|\/(?!\/))/i.test(url)) return url;
  throw new Error(
    `MetadataUiModule: signInUrl must be a path or a URL with http or https, not ${JSON.stringify(url)}.`,
  );
}
