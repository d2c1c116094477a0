export { experimentsOpenApi } from './experiments-open-api.js';
