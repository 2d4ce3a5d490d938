import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { Config } from '../../config/config.ts';
import { ApiKeyVerifier, isApiKey } from './api-key-verifier.ts';
import { addressOf, type Caller, type CallerRequest, personIn, type Standing } from './caller.ts';
import {
  NotPermitted,
  OperatorOnly,
  OrganizationDeleted,
  OrganizationNotFound,
  OrganizationSuspended,
  PersonRequired,
  Unauthenticated,
} from './auth.errors.ts';
import { Memberships } from './memberships.ts';
import { type Action, isOperatorAction, may, scopesAllow } from './permissions.ts';
import { RequestLimits } from './request-limits.ts';
import { REQUIREMENT, type Requirement, UNMETERED } from './requires.decorator.ts';
import { SuperAdmins } from './super-admins.ts';
import { TokenVerifier } from './token-verifier.ts';

/** What is asked of who has to say who he is; undefined for a route that says nothing. */
type Asked = Exclude<Requirement, 'public'> | undefined;

const READS = new Set(['GET', 'HEAD']);
/** Whoever is in an organization that does not go on may leave it, and take along what is his. */
const ALWAYS: ReadonlySet<Action> = new Set(['organization:leave', 'organization:export']);

/** Stands before every route. A route without a requirement is closed. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    private readonly memberships: Memberships,
    private readonly superAdmins: SuperAdmins,
    private readonly keys: ApiKeyVerifier,
    private readonly limits: RequestLimits,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(REQUIREMENT, [
      context.getHandler(),
      context.getClass(),
    ]);
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<CallerRequest>(), http.getResponse<Response>()];
    if (requirement === 'public') {
      const unmetered = this.reflector.get<string | undefined>(UNMETERED, context.getHandler());
      if (unmetered === undefined) await this.limits.unauthenticated(request, response);
      return true;
    }
    const bearer = bearerOf(request);
    const asking = isApiKey(bearer)
      ? this.key(request, bearer, requirement)
      : this.person(request, bearer, requirement);
    const caller = await asking.catch(async (error: unknown) => {
      if (error instanceof Unauthenticated) await this.limits.unauthenticated(request, response);
      throw error;
    });
    if (caller) await this.limits.caller(caller, response);
    else if (request.user) await this.limits.person(request.user, response);
    if (caller) request.caller = caller;
    return true;
  }

  /** Null where no organization is involved. */
  private async person(request: CallerRequest, token: string | undefined, requirement: Asked): Promise<Caller | null> {
    const { user } = await this.tokens.user(token);
    if (requirement === undefined) throw closed();
    await this.memberships.remember(user);
    request.user = user;
    if (requirement === 'signed-in') return null;
    if (isOperatorAction(requirement)) {
      if (!(await this.superAdmins.has(user.id))) throw new OperatorOnly();
      return null;
    }
    const member = await this.memberships.resolve(user.id, request.header('x-org-id'));
    const { organization, role } = member;
    if (!may(role, requirement)) throw new NotPermitted({ role }, requirement);
    this.assertGoesOn(request, requirement, member.standing);
    return personIn(organization, user, addressOf(request));
  }

  private async key(request: CallerRequest, token: string, requirement: Asked): Promise<Caller> {
    const { organization, scopes, actor, standing } = await this.keys.verify(token);
    if (requirement === undefined) throw closed();
    const asked = request.header('x-org-id')?.toLowerCase() ?? organization;
    if (asked !== organization) throw new OrganizationNotFound();
    if (requirement === 'signed-in') throw new PersonRequired();
    if (isOperatorAction(requirement)) throw new OperatorOnly();
    if (!scopesAllow(scopes, requirement)) throw new NotPermitted({ scopes }, requirement);
    this.assertGoesOn(request, requirement, standing);
    return { organization, actor, address: addressOf(request) };
  }

  /** Whoever is in an organization that does not go on looks. @throws OrganizationSuspended | OrganizationDeleted */
  private assertGoesOn({ method }: CallerRequest, action: Action, { suspendedBecause, deletedFrom }: Standing): void {
    if (READS.has(method) || ALWAYS.has(action)) return;
    if (suspendedBecause !== null) throw new OrganizationSuspended(suspendedBecause, this.config.operator.email);
    // Who may delete it asks to have it back by the same right.
    if (deletedFrom !== null && action !== 'organization:delete') throw new OrganizationDeleted(deletedFrom);
  }
}

const closed = () => new Unauthenticated({ cause: new Error('the route says nobody may call it') });

const bearerOf = (request: CallerRequest): string | undefined =>
  /^Bearer (\S+)$/i.exec(request.header('authorization') ?? '')?.[1];
