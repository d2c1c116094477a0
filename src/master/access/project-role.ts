/** What a user may do in a project: a viewer sees it, an editor changes what is in it too. */
export const PROJECT_ROLES = ['viewer', 'editor'] as const;

export type ProjectRole = (typeof PROJECT_ROLES)[number];

/** Tells a role from any other value. */
export function isProjectRole(value: unknown): value is ProjectRole {
  return PROJECT_ROLES.some((role) => role === value);
}
