import { applyDecorators, HttpCode, UseFilters, UseInterceptors } from '@nestjs/common';
import { ExactJsonInterceptor } from '../../metadata/index.js';
import { DeterminedExceptionFilter } from './determined-exception.filter.js';

/**
 * Marks a handler of a route of Determined's: it answers 200 whatever the method, numbers with every digit, and errors in
 * its shape. The module must import `DeterminedModule`.
 */
export function DeterminedRoute(): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    UseFilters(DeterminedExceptionFilter),
    UseInterceptors(ExactJsonInterceptor),
  );
}
