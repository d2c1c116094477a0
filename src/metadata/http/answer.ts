import type { ServerResponse } from 'node:http';
import type { ProblemAnswer } from './problem-details.js';

/** What Express's response and Fastify's reply have in common. */
export interface AdapterResponse {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string): unknown;
}

/** Answers through the adapter, so that its own hooks see the answer. */
export function sendProblem(response: AdapterResponse, { status, headers, body }: ProblemAnswer): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  response.send(body);
}

/** Answers from before the adapter has a response of its own to offer. */
export function writeProblemTo(response: ServerResponse, { status, headers, body }: ProblemAnswer): void {
  if (response.headersSent) return;
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
