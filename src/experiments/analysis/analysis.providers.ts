import type { Provider, Type } from '@nestjs/common';
import type { BodyRoute } from '../../metadata/index.js';
import { AggregateService } from './aggregate/aggregate.service.js';
import { AnalysisController } from './analysis.controller.js';
import { CompareService } from './compare/compare.service.js';
import { ExportController } from './export/export.controller.js';
import { ExportService } from './export/export.service.js';
import { VisibleTrials } from './visible-trials.js';

/**
 * To stand before controllers of single trials: of two routes that fit a path the first decides, and `trials/export`
 * would be a trial called export.
 */
export const ANALYSIS_CONTROLLERS: readonly Type[] = [AnalysisController, ExportController];

/** What the module provides for comparing, aggregating and exporting. */
export const ANALYSIS_PROVIDERS: readonly Provider[] = [
  VisibleTrials,
  CompareService,
  AggregateService,
  ExportService,
];

/** Bytes of a body: as for a search, with room for 200 fields. */
const ANALYSIS_BODY_LIMIT = 1024 * 1024;

/** The requests of analyses whose bodies are read exactly; to stand before `/trials/:trialId`. */
export const ANALYSIS_BODY_ROUTES: readonly BodyRoute[] = [
  { path: '/trials/compare', limit: ANALYSIS_BODY_LIMIT },
  { path: '/trials/aggregate', limit: ANALYSIS_BODY_LIMIT },
];
