import { Controller, Post, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiForbiddenResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPayloadTooLargeResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { Request } from 'express';
import {
  DeterminedBody,
  DeterminedRoute,
  InvalidArgumentError,
  InvalidCredentialsError,
} from '../../determined/index.js';
import type { JsonObject } from '../../metadata/index.js';
import { CredentialsRefusedError } from '../access/access.errors.js';
import { addressOf, tokenOf } from '../access/http/bearer.guard.js';
import { Public } from '../access/http/public.decorator.js';
import { SignInService, type Password } from '../access/sign-in/sign-in.service.js';
import { determinedUser, type DeterminedUser } from './determined-user.js';

/** Sign-in with name and password, as `determined.experimental.client.login` asks for it. */
@ApiTags('determined')
@Controller('auth')
export class DeterminedSignInController {
  constructor(private readonly signIns: SignInService) {}

  /** The SDK sends a hash in the password's place, and says so. */
  @Post('login')
  @ApiOperation({ summary: 'Sign in with name and password, or with the hash that the SDK sends' })
  @ApiBadRequestResponse({ description: 'The body is not what was expected.' })
  @ApiForbiddenResponse({ description: 'The two do not match.' })
  @ApiPayloadTooLargeResponse({ description: 'The body is larger than is read.' })
  @ApiTooManyRequestsResponse({ description: 'Too many attempts; Retry-After says when to try again.' })
  @ApiOkResponse({ description: 'A token, to be sent as a bearer token, and whose it is.' })
  @Public()
  @DeterminedRoute()
  async signIn(
    @Req() request: Request,
    @DeterminedBody() body: JsonObject,
  ): Promise<{ readonly token: string; readonly user: DeterminedUser }> {
    const username = textOf(body, 'username');
    const password = textOf(body, 'password');
    const proof: Password = body.get('isHashed') === true ? { hash: password } : { password };
    try {
      const { token, user } = await this.signIns.signIn(username, proof, addressOf(request));
      return { token, user: determinedUser(user) };
    } catch (error) {
      if (error instanceof CredentialsRefusedError) throw new InvalidCredentialsError();
      throw error;
    }
  }

  @Post('logout')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'End what a sign-in began' })
  @ApiUnauthorizedResponse({ description: 'No token, or one that does not count.' })
  @ApiOkResponse({ description: 'The token of the sign-in is good no more.' })
  @DeterminedRoute()
  async signOut(@Req() request: Request): Promise<object> {
    await this.signIns.signOut(tokenOf(request));
    return {};
  }
}

function textOf(body: JsonObject, name: string): string {
  const value = body.get(name) ?? '';
  if (typeof value === 'string') return value;
  throw new InvalidArgumentError(`invalid ${name}: a string was expected`);
}
