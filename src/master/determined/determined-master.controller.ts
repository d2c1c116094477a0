import { Controller, Get } from '@nestjs/common';
import { DeterminedRoute } from '../../determined/index.js';
import { Public } from '../access/http/public.decorator.js';

/** The release of Determined whose wire format is spoken; its tools compare it with their own. */
const VERSION = '0.38.1';

/** What Determined's command line asks a master about itself. */
@Controller('master')
export class DeterminedMasterController {
  @Get()
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
