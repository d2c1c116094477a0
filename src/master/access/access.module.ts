import { Module, type NestModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExactBodies } from '../../metadata/index.js';
import { ProjectMember } from './entities/project-member.entity.js';
import { UserToken } from './entities/user-token.entity.js';
import { User } from './entities/user.entity.js';
import { BearerGuard } from './http/bearer.guard.js';
import { MembersController } from './members/members.controller.js';
import { MembersService } from './members/members.service.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { TokenCache } from './sign-in/token-cache.js';
import { TokensController } from './tokens/tokens.controller.js';
import { TokensService } from './tokens/tokens.service.js';
import { MeController } from './users/me.controller.js';
import { UsersController } from './users/users.controller.js';
import { UsersService } from './users/users.service.js';

const BODY_ROUTES = [
  '/users',
  '/users/:userId',
  '/users/:userId/tokens',
  '/users/:userId/tokens/:tokenId/rotate',
  '/projects/:projectId/members/:userId',
].map((path) => ({ path, limit: 64 * 1024 }));

/** Who may come in: every route of the application asks for a token, but those marked as public. */
@Module({
  imports: [TypeOrmModule.forFeature([User, UserToken, ProjectMember])],
  controllers: [MeController, UsersController, TokensController, MembersController],
  providers: [
    SignInService,
    TokenCache,
    TokensService,
    UsersService,
    MembersService,
    { provide: APP_GUARD, useClass: BearerGuard },
  ],
  exports: [SignInService, UsersService, TokensService, MembersService],
})
export class AccessModule implements NestModule {
  constructor(private readonly bodies: ExactBodies) {}

  configure(): void {
    this.bodies.capture(BODY_ROUTES);
  }
}
