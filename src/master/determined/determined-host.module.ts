import { Module, type NestModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { DeterminedModule, determinedBodyRoute } from '../../determined/index.js';
import { ExactBodies } from '../../metadata/index.js';
import { AccessModule } from '../access/access.module.js';
import { describeHostError, noteHostError } from './describe-host-error.js';
import { DeterminedMasterController } from './determined-master.controller.js';
import { DeterminedMeInterceptor } from './determined-me.interceptor.js';
import { DeterminedSignInController } from './determined-sign-in.controller.js';

/** Bytes of a sign-in. */
const SIGN_IN_BYTES = 64 * 1024;

/** Determined's wire format on the master, with the sign-in that its SDK asks for. */
@Module({
  imports: [
    AccessModule,
    DeterminedModule.forRoot({ describeError: describeHostError, noteError: noteHostError }),
  ],
  controllers: [DeterminedSignInController, DeterminedMasterController],
  providers: [{ provide: APP_INTERCEPTOR, useClass: DeterminedMeInterceptor }],
})
export class DeterminedHostModule implements NestModule {
  constructor(private readonly bodies: ExactBodies) {}

  configure(): void {
    const routes = ['/auth/login', '/auth/logout'];
    this.bodies.capture(routes.map((path) => determinedBodyRoute(path, SIGN_IN_BYTES)));
  }
}
