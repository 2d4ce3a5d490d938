import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { CallerRequest } from './caller.ts';
import { NotPermitted, Unauthenticated } from './auth.errors.ts';
import { Memberships } from './memberships.ts';
import { may } from './permissions.ts';
import { REQUIREMENT, type Requirement } from './requires.decorator.ts';
import { TokenVerifier } from './token-verifier.ts';

/** Stands before every route. A route without a requirement is closed. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    private readonly memberships: Memberships,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(REQUIREMENT, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (requirement === 'public') return true;
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const { user } = await this.tokens.user(bearerOf(request));
    if (requirement === undefined) throw new Unauthenticated({ cause: new Error('the route says nobody may call it') });
    await this.memberships.remember(user);
    request.user = user;
    if (requirement === 'signed-in') return true;
    const member = await this.memberships.resolve(user.id, request.header('x-org-id'));
    if (!may(member.role, requirement)) throw new NotPermitted(member.role, requirement);
    request.member = member;
    return true;
  }
}

const bearerOf = (request: CallerRequest): string | undefined =>
  /^Bearer (\S+)$/i.exec(request.header('authorization') ?? '')?.[1];
