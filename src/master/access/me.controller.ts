import { Controller, Get, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { MasterUser } from './master-user.js';

/** Tells a caller who he is: how a page finds out whether its token still counts. */
@ApiTags('users')
@ApiBearerAuth()
@Controller('me')
export class MeController {
  @Get()
  @ApiOperation({ summary: 'Who the token belongs to' })
  @ApiOkResponse({ schema: { example: { user: { name: 'admin', administrator: true } } } })
  read(@Req() request: Request & { user: MasterUser }): { readonly user: MasterUser } {
    return { user: request.user };
  }
}
