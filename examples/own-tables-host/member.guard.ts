import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';

/** A user of this host. */
export interface Member {
  readonly name: string;
  readonly team: string;
  /** Whether he only looks on. */
  readonly guest: boolean;
}

/** Stands for the host's own sign-in. */
const MEMBERS: ReadonlyMap<string, Member> = new Map([
  ['Bearer token-of-ada', { name: 'ada', team: 'vision', guest: false }],
  ['Bearer token-of-grace', { name: 'grace', team: 'speech', guest: false }],
  ['Bearer token-of-guest', { name: 'guest', team: 'vision', guest: true }],
]);

/** Leaves the member at `request.user`, where the plugin looks for the user. */
@Injectable()
export class MemberGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context
      .switchToHttp()
      .getRequest<{ readonly headers: Readonly<Record<string, string>>; user?: Member }>();
    const member = MEMBERS.get(request.headers['authorization'] ?? '');
    if (member === undefined) throw new UnauthorizedException();
    request.user = member;
    return true;
  }
}
