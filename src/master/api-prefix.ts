/** Where the REST API begins, without slashes around. */
export const API_PREFIX = 'api/v1';
