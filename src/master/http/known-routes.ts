import type { OpenAPIObject } from '@nestjs/swagger';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

interface Route {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** The routes that the OpenAPI document lists, for telling a wrong method from a wrong address. */
export class KnownRoutes {
  private routes: readonly Route[] | undefined;

  constructor(private readonly document: () => OpenAPIObject) {}

  /** The methods that this path takes, in capitals; none when there is no such path. */
  methodsOf(path: string): readonly string[] {
    this.routes ??= Object.entries(this.document().paths).map(([template, item]) => ({
      pattern: new RegExp(
        `^${template
          .split(/\{[^}]*\}/)
          .map(escapeText)
          .join('[^/]+')}/?$`,
      ),
      methods: METHODS.filter((method) => item[method] !== undefined).map((method) => method.toUpperCase()),
    }));
    return [
      ...new Set(this.routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
    ];
  }
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
