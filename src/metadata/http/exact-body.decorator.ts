import { createParamDecorator, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { parseJson, type JsonValue } from '../document/index.js';
import { InvalidRequestError } from '../metadata.errors.js';
import { DEFAULT_QUERY_LIMITS, requestDepth } from '../query/index.js';
import { keptBody } from './captured-body.js';
import { checkContentType, mediaTypeOf } from './content-type.js';

/** Calls what {@link unpiped} wrapped; the last pipe of the parameter. */
const UNWRAP: PipeTransform<() => unknown, unknown> = { transform: (read) => read() };

/**
 * A parameter decorator whose value the host's global pipes cannot change: they see a function, which validation and
 * trimming leave alone, and the value comes to be behind them.
 */
export function unpiped<Argument>(read: (request: object, argument: Argument) => unknown) {
  const decorate = createParamDecorator((argument: Argument, context: ExecutionContext) => {
    const request = context.switchToHttp().getRequest<object>();
    return () => read(request, argument);
  });
  return (argument: Argument, ...pipes: PipeTransform[]): ParameterDecorator =>
    decorate(argument, UNWRAP, ...pipes);
}

/** A filter of the largest depth fits; documents have limits of their own. */
const MAX_DEPTH = requestDepth(DEFAULT_QUERY_LIMITS);
const JSON_ONLY = ['application/json'];

/**
 * The request's body as a {@link JsonValue}, with every digit. The route must be among those of
 * {@link ExactBodies.capture}, or the host made with `rawBody: true`. `types` are the content types taken; a request
 * without one is taken as JSON.
 * @throws InvalidRequestError, InvalidJsonError, UnsupportedMediaTypeError
 */
export function ExactBody(types: readonly string[] = JSON_ONLY): ParameterDecorator {
  return exactBody(types);
}

const exactBody = unpiped((request, types: readonly string[]): JsonValue => {
  const body = keptBody(request);
  if (body === undefined) {
    throw new Error('The body was read before it could be kept. Name the route in ExactBodies.capture().');
  }
  if (body.bytes.length === 0) {
    throw InvalidRequestError.at('body', 'missing_body', 'The request has no body. Send a JSON object.');
  }
  checkContentType(body.contentType, types);
  return parseJson(body.bytes, { maxDepth: MAX_DEPTH });
});

/** The media type of the request's body, as {@link mediaTypeOf} reads it: for routes that take more than one. */
export function BodyType(): ParameterDecorator {
  return bodyType(undefined);
}

const bodyType = unpiped((request) => mediaTypeOf(keptBody(request)?.contentType));
