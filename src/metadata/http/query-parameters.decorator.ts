import { unpiped } from './exact-body.decorator.js';

/**
 * The query string as it was sent, in order and with every repetition: the adapters' own parsers take brackets and dots
 * of a parameter's name for structure.
 */
export function QueryParameters(): ParameterDecorator {
  return queryParameters(undefined);
}

const queryParameters = unpiped((request: object): URLSearchParams => {
  const { originalUrl, url } = request as { originalUrl?: unknown; url?: unknown }; // both adapters set one of them
  const sent = typeof originalUrl === 'string' ? originalUrl : url;
  const question = typeof sent === 'string' ? sent.indexOf('?') : -1;
  return new URLSearchParams(typeof sent === 'string' && question >= 0 ? sent.slice(question + 1) : '');
});
