/** What kind of request made a revision. */
export const CHANGE_SOURCES = ['report', 'set', 'patch', 'delete', 'revert', 'batch', 'import'] as const;

export type ChangeSource = (typeof CHANGE_SOURCES)[number];
