import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { framesOf } from './describe-error.js';

/** Who in Nest tells of every module and route at each start: a hundred lines that nobody reads. */
const START_UP = new Set<unknown>([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Passes on what Nest and the services log; its last argument is the name of whoever logs. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...details: readonly unknown[]): void {
    this.write(START_UP.has(details.at(-1)) ? 'debug' : 'info', message, details);
  }

  error(message: unknown, ...details: readonly unknown[]): void {
    this.write('error', message, details);
  }

  warn(message: unknown, ...details: readonly unknown[]): void {
    this.write('warn', message, details);
  }

  debug(message: unknown, ...details: readonly unknown[]): void {
    this.write('debug', message, details);
  }

  verbose(message: unknown, ...details: readonly unknown[]): void {
    this.write('trace', message, details);
  }

  fatal(message: unknown, ...details: readonly unknown[]): void {
    this.write('fatal', message, details);
  }

  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    details: readonly unknown[],
  ): void {
    const context = details.at(-1);
    const others = details.slice(0, -1).filter((detail) => detail !== undefined);
    const fields = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(others.length === 0 ? {} : { details: others.map(withoutMessage) }),
      ...(typeof message === 'object' && message !== null ? message : {}),
    };
    this.logger[level](fields, typeof message === 'string' ? message : undefined);
  }
}

/** Of a stack its frames: the message of an error of the database may repeat what was written. */
function withoutMessage(detail: unknown): string {
  const text = String(detail);
  const frames = framesOf(text);
  return frames === '' ? text : frames;
}
