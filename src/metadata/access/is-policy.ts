/** The methods that make a policy. */
export interface PolicyMethods {
  /** Those that a class has from the one that it extends. */
  readonly inherited: readonly string[];
  /** Those that it defines: they may be properties of each object, which no class shows. */
  readonly own: readonly string[];
}

/**
 * Whether a policy is given, or a class of policies. By the methods and not by the class that it extends, which may be that of
 * another copy of the package.
 */
export function isPolicy(access: unknown, { inherited, own }: PolicyMethods): boolean {
  const isClass = typeof access === 'function';
  const policy: unknown = isClass ? access.prototype : access;
  if (typeof policy !== 'object' || policy === null) return false;
  const methods = isClass ? inherited : [...inherited, ...own];
  return methods.every((name) => typeof (policy as Readonly<Record<string, unknown>>)[name] === 'function');
}
