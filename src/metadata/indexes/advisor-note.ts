/** What the advisor remembers of an index that it made, in the index's comment: there all masters of a database read it. */
export interface AdvisorNote {
  /** When a search was last seen to use it; at first, when it was made. */
  readonly usedAt: Date;
  /** The server's count of its scans then. */
  readonly scans: number;
}

const NOTE = /^Made by the index advisor; last seen in use at (\S+), after (\d+) scans\.$/;

/** The comment. It holds no character that means something within a string of SQL. */
export function formatAdvisorNote({ usedAt, scans }: AdvisorNote): string {
  return `Made by the index advisor; last seen in use at ${usedAt.toISOString()}, after ${scans} scans.`;
}

/** Undefined for any other comment, or for none: then the index is an administrator's. */
export function parseAdvisorNote(comment: string | null): AdvisorNote | undefined {
  const [, time = '', scans = ''] = NOTE.exec(comment ?? '') ?? [];
  const usedAt = new Date(time);
  return Number.isNaN(usedAt.getTime()) ? undefined : { usedAt, scans: Number(scans) };
}
