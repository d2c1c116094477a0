import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BearerGuard } from './bearer.guard.js';
import { MeController } from './me.controller.js';
import { SignInService } from './sign-in.service.js';

/** Who may come in: every route of the application asks for a token, but those marked as public. */
@Module({
  controllers: [MeController],
  providers: [SignInService, { provide: APP_GUARD, useClass: BearerGuard }],
})
export class AccessModule {}
