export {
  errorAnswer,
  idParameter,
  listOf,
  NEXT,
  objectOf,
  operation,
  pageOf,
  pageParameters,
  queryParameter,
  ref,
  type HttpMethod,
  type OpenApiFragment,
  type OpenApiOperation,
  type OpenApiParameter,
  type Schema,
} from './open-api.js';
export { metadataOpenApi } from './metadata-open-api.js';
