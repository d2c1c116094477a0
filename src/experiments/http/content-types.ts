/** What a PATCH takes: the members given replace those of the resource, which is what a merge patch says of them. */
export const JSON_OR_MERGE_PATCH: readonly string[] = ['application/json', 'application/merge-patch+json'];
