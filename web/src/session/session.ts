import { useSyncExternalStore } from 'react';

const STORAGE_KEY = 'trial-metadata.token';
const LINK = /^#(?:.*&)?token=([^&]+)/;

/**
 * Why there is no token: never signed in, signed out by hand, the server no longer takes the token, or it does not take
 * that of a link.
 */
export type SessionEnd = 'none' | 'signed-out' | 'expired' | 'link-refused';

export interface Session {
  readonly token: string | null;
  readonly end: SessionEnd;
  /** The token of a link that the server has not been asked about; until then the one before is kept. */
  readonly offered: string | null;
}

let session: Session = { token: readStored(), end: 'none', offered: null };
const listeners = new Set<() => void>();

/**
 * Takes the token out of a ready-to-open link (`…/#token=…`) and out of the address, so that it is in no history, no
 * bookmark and no screenshot. Call it before the router reads the address.
 */
export function takeTokenFromLink(): void {
  const token = LINK.exec(window.location.hash)?.[1];
  if (token === undefined) return;
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  const offered = decoded(token);
  if (offered !== session.token) change({ ...session, offered });
}

/** Goes on as before the link. */
export function refuseLink(): void {
  const { token, end } = session;
  change({ token, end: token === null ? 'link-refused' : end, offered: null });
}

export function sessionToken(): string | null {
  return session.token;
}

export function startSession(token: string): void {
  store(token);
  change({ token, end: 'none', offered: null });
}

/** Goes on without a token, after the host has signed the user in again. */
export function resumeSession(): void {
  change({ ...session, end: 'none' });
}

/** Forgets the token. When `token` is given, only if it is still the one in use: a late 401 ends no newer session. */
export function endSession(end: SessionEnd, token?: string | null): void {
  if (token !== undefined && token !== session.token) return;
  store(null);
  change({ ...session, token: null, end });
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

/** A link that was cut in the middle of an escape is refused by the server, and not a fault of the page. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Storage may be refused (a private window, a policy); then the session lasts as long as the page.
function readStored(): string | null {
  try {
    return window.localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

function store(token: string | null): void {
  try {
    if (token === null) window.localStorage.removeItem(STORAGE_KEY);
    else window.localStorage.setItem(STORAGE_KEY, token);
  } catch {
    return;
  }
}
