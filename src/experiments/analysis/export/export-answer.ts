import type { ServerResponse } from 'node:http';
import type { ExportFormat } from './export-request.js';
import type { ExportTarget } from './export.service.js';

/** Milliseconds for which a client may take nothing before its connection is cut: its query stays open meanwhile. */
const PATIENCE = 60_000;

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson; charset=utf-8',
};

/** What an adapter gives a handler: Express a response of Node.js, Fastify a reply around one. */
export type StreamResponse = ServerResponse | FastifyReply;

interface FastifyReply {
  readonly raw: ServerResponse;
  getHeaders(): Readonly<Record<string, number | string | string[] | undefined>>;
  /** Leaves the answer to the handler. */
  hijack(): unknown;
}

/** An answer that an export streams into. */
export class ExportAnswer implements ExportTarget {
  private readonly gone = new AbortController();
  private readonly raw: ServerResponse;
  private opened = false;

  constructor(
    private readonly response: StreamResponse,
    private readonly format: ExportFormat,
  ) {
    this.raw = 'raw' in response ? response.raw : response;
    // Closed by the client: neither at the end nor by an error of the export.
    this.raw.once('close', () => {
      if (!this.raw.writableFinished && !this.raw.errored) this.gone.abort();
    });
    if (this.raw.destroyed) this.gone.abort();
  }

  get signal(): AbortSignal {
    return this.gone.signal;
  }

  /** Whether the answer has begun, so that no other one can be given. */
  get isOpen(): boolean {
    return this.opened;
  }

  open(): ServerResponse {
    this.opened = true;
    const { raw, response } = this;
    if ('raw' in response) {
      for (const [name, value] of Object.entries(response.getHeaders())) {
        if (value !== undefined) raw.setHeader(name, value);
      }
      response.hijack();
    }
    raw.setTimeout(PATIENCE, () => raw.destroy());
    raw.writeHead(200, {
      'Content-Type': CONTENT_TYPES[this.format],
      'Content-Disposition': `attachment; filename="trials.${this.format}"`,
      'Cache-Control': 'no-store',
    });
    return raw;
  }

  /** Cuts an answer that cannot be finished, so that the client does not take it for a whole one. */
  cut(): void {
    this.raw.destroy();
  }
}
