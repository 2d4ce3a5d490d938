/** Who may do what in a group. The codes are those that whatsmeow names (`errors.go`) and Baileys hands on. */
import type { Group } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { IqError } from '../iq/iq.ts';
import { findGroup, isAdmin, isMember } from './book.ts';

export const notAcceptable = (): IqError => new IqError(406, 'not-acceptable');
export const notAllowed = (): IqError => new IqError(405, 'not-allowed');
export const conflict = (): IqError => new IqError(409, 'conflict');
export const notFound = (): IqError => new IqError(404, 'item-not-found');
const forbidden = (): IqError => new IqError(403, 'forbidden');

/** @throws IqError 404 when there is no such group. */
export function requireGroup(context: ServerContext, jid: string | undefined): Group {
  const group = findGroup(context, jid);
  if (!group) throw notFound();
  return group;
}

/** @throws IqError 403 when the phone is not in the group. */
export function assertMember(context: ServerContext, group: Group, phone: string): void {
  if (!isMember(context, group, phone)) throw forbidden();
}

/** @throws IqError 403 when the phone is no admin. */
export function assertAdmin(context: ServerContext, group: Group, phone: string): void {
  if (!isAdmin(context, group, phone)) throw forbidden();
}

/** Subject, description, picture and timer: everybody's, unless the group is locked. @throws IqError 403 */
export function assertMayEdit(context: ServerContext, group: Group, phone: string): void {
  assertMember(context, group, phone);
  if (group.locked) assertAdmin(context, group, phone);
}

/** @throws IqError 403 when only admins add, and the phone is none. */
export function assertMayAdd(context: ServerContext, group: Group, phone: string): void {
  assertMember(context, group, phone);
  if (group.memberAddMode === 'admin_add') assertAdmin(context, group, phone);
}

/** The invite code is the admins'. @throws IqError 401 */
export function assertMayInvite(context: ServerContext, group: Group, phone: string): void {
  assertMember(context, group, phone);
  if (!isAdmin(context, group, phone)) throw new IqError(401, 'not-authorized');
}
