import { z } from 'zod';
import { ROLES, SCOPES } from './permissions.ts';

export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;
