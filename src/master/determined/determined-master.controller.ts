import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeterminedRoute } from '../../determined/index.js';
import { Public } from '../access/http/public.decorator.js';

/** The release of Determined whose wire format is spoken; its tools compare it with their own. */
const VERSION = '0.38.1';

/** What Determined's command line asks a master about itself. */
@ApiTags('determined')
@Controller('master')
export class DeterminedMasterController {
  @Get()
  @ApiOperation({ summary: 'What the master is' })
  @ApiOkResponse({ description: 'Its version, as Determined counts them, and its name.' })
  @Public()
  @DeterminedRoute()
  read(): object {
    return {
      version: VERSION,
      masterId: 'trial-metadata',
      clusterId: 'trial-metadata',
      clusterName: 'Trial metadata',
      rbacEnabled: false,
      userManagementEnabled: false,
      strictJobQueueControl: false,
      hasCustomLogo: false,
    };
  }
}
