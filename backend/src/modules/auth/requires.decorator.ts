import { applyDecorators, type CustomDecorator, SetMetadata } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Action, OperatorAction } from './permissions.ts';

/**
 * Who may call a route. Every route says one of these; a route that says none is closed to everybody.
 * - `public`: anybody; `signed-in`: a person, in no organization's name; an action: a member whose role allows it
 * - an action of the operator: a super_admin, in no organization's name
 */
export type Requirement = 'public' | 'signed-in' | Action | OperatorAction;

export const REQUIREMENT = 'wasel:requirement';

/** The caller is a member of the organization, and his role allows `action`; or he runs the installation, for its own actions. */
export const Requires = (action: Action | OperatorAction): CustomDecorator => SetMetadata(REQUIREMENT, action);

/** The caller is known; no organization is involved. */
export const SignedIn = (): CustomDecorator => SetMetadata(REQUIREMENT, 'signed-in');

export const UNMETERED = 'wasel:unmetered';

/** A public route that is not counted against whoever calls it. @param why it may be asked any number of times */
export const Unmetered = (why: string): CustomDecorator => SetMetadata(UNMETERED, why);

/** Anybody may call this, and the description of the API asks for no token. */
export const Public = (): MethodDecorator =>
  applyDecorators(SetMetadata(REQUIREMENT, 'public'), ApiOperation({ security: [] }));
