import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { poolsOf } from '../database/pools.js';
import { problemOf, routeOf } from './request-facts.js';
import { reportOf } from './report-of.js';

/** Seconds; a report takes milliseconds, an analysis of a million trials seconds. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts what the master does, for Prometheus. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  private readonly requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests that were answered, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });

  private readonly durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer, by method and route.',
    labelNames: ['method', 'route'],
    buckets: BUCKETS,
    registers: [this.registry],
  });

  private readonly running = new Gauge({
    name: 'http_requests_running',
    help: 'Requests that are being answered.',
    registers: [this.registry],
  });

  private readonly reports = new Counter({
    name: 'trial_metadata_reports_total',
    help: 'Documents of metadata that were taken, by kind of write; those of an import are not among them.',
    labelNames: ['kind'],
    registers: [this.registry],
  });

  private readonly refused = new Counter({
    name: 'trial_metadata_reports_refused_total',
    help: 'Requests to write metadata that were refused, by kind of write and reason.',
    labelNames: ['kind', 'reason'],
    registers: [this.registry],
  });

  constructor(dataSource: DataSource) {
    collectDefaultMetrics({ register: this.registry });
    const connections = new Gauge({
      name: 'database_connections',
      help: 'Connections to the database: those at work, those at rest, and requests that wait for one.',
      labelNames: ['server', 'state'],
      registers: [this.registry],
      collect: () => {
        for (const [server, { totalCount, idleCount, waitingCount }] of poolsOf(dataSource)) {
          connections.set({ server, state: 'busy' }, totalCount - idleCount);
          connections.set({ server, state: 'idle' }, idleCount);
          connections.set({ server, state: 'waiting' }, waitingCount);
        }
      },
    });
  }

  /** Counts a request once it has been answered. */
  readonly observe = (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = process.hrtime.bigint();
    this.running.inc();
    response.once('close', () => {
      this.running.dec();
      const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
      // The route as declared, not the path as sent: else every trial would be a series of its own.
      const labels = { method: request.method ?? '', route: routeOf(request) ?? 'none' };
      this.requests.inc({ ...labels, status: response.statusCode });
      this.durations.observe(labels, seconds);
      this.countReport(request, response);
    });
  };

  private countReport(request: IncomingMessage, response: ServerResponse): void {
    const report = reportOf(request);
    if (report === undefined) return;
    const { kind, documents } = report;
    if (response.statusCode < 300) this.reports.inc({ kind }, documents);
    else this.refused.inc({ kind, reason: problemOf(response) ?? String(response.statusCode) });
  }
}
