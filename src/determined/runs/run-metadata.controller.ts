import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import {
  isJsonObject,
  METADATA_OPTIONS,
  MetadataService,
  PathParameter,
  type CheckedMetadataOptions,
  type JsonObject,
  type RawJson,
} from '../../metadata/index.js';
import { checkDeterminedLimits } from '../check-determined-limits.js';
import { InvalidArgumentError } from '../determined.errors.js';
import { DeterminedBody } from '../http/determined-body.decorator.js';
import { DeterminedRoute } from '../http/determined-route.decorator.js';
import { readRunId } from './read-request.js';

interface RunMetadata {
  readonly metadata: RawJson;
}

/** The metadata of one run, as `set_metadata` and `get_metadata` of Determined's SDK call it. */
@Controller('runs/:runId/metadata')
export class RunMetadataController {
  constructor(
    private readonly metadata: MetadataService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  @Get()
  @DeterminedRoute()
  async get(@Req() request: object, @PathParameter('runId') runId: string): Promise<RunMetadata> {
    const { metadata } = await this.metadata.get(this.options.user(request), readRunId(runId));
    return { metadata };
  }

  /** Replaces the document. The id in the path counts, whatever `runId` the body says. */
  @Post()
  @DeterminedRoute()
  async set(
    @Req() request: object,
    @PathParameter('runId') runId: string,
    @DeterminedBody() body: JsonObject,
  ): Promise<RunMetadata> {
    const user = this.options.user(request);
    const id = readRunId(runId);
    const document = documentOf(body);
    checkDeterminedLimits(document);
    const { metadata } =
      document.size === 0 ? await this.metadata.clear(user, id) : await this.metadata.set(user, id, document);
    return { metadata };
  }
}

/** Empty, null or absent: no metadata. */
function documentOf(body: JsonObject): JsonObject {
  const document = body.get('metadata') ?? new Map();
  if (isJsonObject(document)) return document;
  throw new InvalidArgumentError('invalid metadata: an object was expected');
}
