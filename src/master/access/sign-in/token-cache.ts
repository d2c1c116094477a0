import type { MasterUser } from '../master-user.js';

/** Milliseconds for which a token is taken for what it was: how late another process hears of a revocation, at most. */
const LIFE = 1_000;
const ENTRIES = 10_000;

interface Entry {
  readonly user: MasterUser;
  readonly until: number;
}

/** Remembers for a moment whose tokens the last ones were, so that not every request asks the database. */
export class TokenCache {
  private entries = new Map<string, Entry>();
  private generation = 0;

  constructor(private readonly now: () => number = Date.now) {}

  get(hash: Buffer): MasterUser | undefined {
    const entry = this.entries.get(hash.toString('base64'));
    return entry !== undefined && entry.until > this.now() ? entry.user : undefined;
  }

  /** Looks a user up and remembers him, unless the cache was emptied meanwhile: what was read may be outdated then. */
  async fill(hash: Buffer, lookUp: () => Promise<MasterUser | undefined>): Promise<MasterUser | undefined> {
    const { generation } = this;
    const until = this.now() + LIFE;
    const user = await lookUp();
    if (user !== undefined && generation === this.generation) {
      if (this.entries.size >= ENTRIES) this.entries.clear();
      this.entries.set(hash.toString('base64'), { user, until });
    }
    return user;
  }

  /** To be called after every change of a user, token or role. */
  clear(): void {
    this.entries.clear();
    this.generation += 1;
  }
}
