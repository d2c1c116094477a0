export { ANALYSIS_BODY_ROUTES, ANALYSIS_CONTROLLERS, ANALYSIS_PROVIDERS } from './analysis.providers.js';
export { parseAggregateBody, type AggregateRequest } from './aggregate/aggregate-request.js';
export { AggregateService, type AggregateAnswer, type TrialGroup } from './aggregate/aggregate.service.js';
export { parseCompareBody, type CompareRequest } from './compare/compare-request.js';
export { CompareService, type CompareAnswer, type Comparison } from './compare/compare.service.js';
export { parseExportQuery, type ExportRequest } from './export/export-request.js';
export { ExportService, type ExportTarget } from './export/export.service.js';
