import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { AdministratorNeededError } from '../access/access.errors.js';
import { addressOf, tokenOf } from '../access/http/bearer.guard.js';
import { SignInService } from '../access/sign-in/sign-in.service.js';
import { hashToken } from '../access/sign-in/token-text.js';
import { MASTER_OPTIONS, type MasterOptions } from '../master.options.js';

/** Lets in who may see the metrics: they count what is done in every project. */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(
    @Inject(MASTER_OPTIONS) private readonly options: MasterOptions,
    private readonly signIn: SignInService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.options.metricsPublic === true) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const token = tokenOf(request);
    if (this.isMetricsToken(token)) return true;
    const { administrator } = await this.signIn.userOf(token, addressOf(request));
    if (!administrator) throw new AdministratorNeededError();
    return true;
  }

  private isMetricsToken(token: string): boolean {
    const { metricsToken } = this.options;
    return metricsToken !== undefined && timingSafeEqual(hashToken(token), hashToken(metricsToken));
  }
}
