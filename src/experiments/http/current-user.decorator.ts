import {
  createParamDecorator,
  Inject,
  Injectable,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { METADATA_OPTIONS, type CheckedMetadataOptions } from '../../metadata/index.js';

/** Finds the user of a request, as the option `user` says. */
@Injectable()
export class UserOfRequestPipe implements PipeTransform<() => unknown, unknown> {
  constructor(@Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions) {}

  transform(request: () => unknown): unknown {
    return this.options.user(request());
  }
}

/** The request behind a function, which the host's global pipes leave alone. */
const requestOf = createParamDecorator((_: undefined, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<unknown>();
  return () => request;
});

/** The user who sends the request, for the access policy. */
export function CurrentUser(): ParameterDecorator {
  return requestOf(UserOfRequestPipe);
}
