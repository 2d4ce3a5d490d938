import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { OrganizationId, UserId } from '../../kernel/ids.ts';
import type { Role } from './permissions.ts';

/** Who asks, as his token says. */
export type User = Readonly<{ id: UserId; email: string; name: string }>;

/** In which organization's name, and as what. */
export type Member = Readonly<{ organization: OrganizationId; role: Role }>;

/** A request as the guard leaves it. */
export type CallerRequest = Request & { user?: User; member?: Member };

const required = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`This route takes no ${what}: its requirement does not provide one.`);
  return value;
};

/** The person who asks. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): User =>
  required(context.switchToHttp().getRequest<CallerRequest>().user, 'user'),
);

/** The organization in whose name is asked; the caller's membership is proven. */
export const Organization = createParamDecorator(
  (_: unknown, context: ExecutionContext): OrganizationId =>
    required(context.switchToHttp().getRequest<CallerRequest>().member, 'organization').organization,
);
