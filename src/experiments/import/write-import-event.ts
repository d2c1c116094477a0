import { MetadataError, problemAnswer, writeProblem } from '../../metadata/index.js';
import { ExperimentsError } from '../experiments.errors.js';
import { experimentsProblem } from '../http/experiments-problem.js';
import type { ImportEvent } from './import.service.js';

/** One line of the answer to an import. */
export function writeImportEvent(event: ImportEvent): string {
  switch (event.kind) {
    case 'refused':
      return `{"line":${event.line},"error":${writeError(event.error)}}\n`;
    case 'progress':
      return `${JSON.stringify({ progress: { lines: event.lines, trials: event.trials } })}\n`;
    case 'done':
      return `${JSON.stringify({ done: event.counts })}\n`;
  }
}

/** The last line of an import that could not go on. */
export function writeImportFailure(error: unknown): string {
  return `{"error":${writeError(error)}}\n`;
}

/** Problem details as JSON text; an error that is nobody's on purpose tells nothing of itself. */
function writeError(error: unknown): string {
  if (error instanceof MetadataError) return problemAnswer(error).body;
  if (error instanceof ExperimentsError) return experimentsProblem(error).body;
  const detail = 'The import failed on the side of the server. What went in stays; repeat the import.';
  return writeProblem(500, 'internal_error', detail).body;
}
