import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { InvitationId, newId, type OrganizationId } from '../../kernel/ids.ts';
import type { Language } from '../../kernel/language.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { hashSecretToken, newSecretToken } from '../../platform/encryption/secret-token.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Mailer } from '../../platform/mail/mailer.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import { type Caller, personIn, type User } from '../auth/caller.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import type {
  AcceptedInvitation,
  CreatedInvitation,
  CreateInvitation,
  InvitationPreview,
  InvitationView,
} from './invitations.dto.ts';
import { invitationMail } from './invitations.mails.ts';
import { type Invitation, InvitationsRepository } from './invitations.repository.ts';
import { AlreadyMember, InvitationForAnother, InvitationGone, InvitationNotFound } from './members.errors.ts';
import { memberJoined } from './members.events.ts';
import { MembersRepository } from './members.repository.ts';
import { assertMayInvite } from './members.rules.ts';

const LIFE_MS = 7 * 24 * 60 * 60 * 1000;

@Injectable()
export class InvitationsService {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly db: TenantDb,
    private readonly members: MembersRepository,
    private readonly invitations: InvitationsRepository,
    private readonly entitlements: Entitlements,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly audit: AuditTrail,
    private readonly mailer: Mailer,
  ) {}

  async list(organization: OrganizationId): Promise<InvitationView[]> {
    return (await this.db.asTenant(organization, (tx) => this.invitations.list(tx))).map(toView);
  }

  /** Makes a link for one person and mails it, in the organization's language; an older one for the same address ends. @throws NotPermitted | AlreadyMember */
  async create(by: Caller, { email, role }: CreateInvitation): Promise<CreatedInvitation> {
    const token = newSecretToken('wsi_');
    const link = `${this.config.http.address}/join#${token}`;
    const invitation = await this.db.asTenant(by.organization, async (tx) => {
      const members = await this.members.lock(tx);
      assertMayInvite(members, by.actor.id, role);
      if (members.some((member) => member.email.toLowerCase() === email)) throw new AlreadyMember(email);
      const made = {
        organizationId: by.organization,
        id: InvitationId.parse(newId()),
        email,
        role,
        invitedBy: by.actor.name,
        expiresAt: new Date(this.clock.now().getTime() + LIFE_MS),
      };
      const created = await this.invitations.create(tx, made, hashSecretToken(token));
      await this.note(tx, by, 'invitation.created', created);
      await this.mail(tx, created, link);
      return created;
    });
    this.mailer.wake();
    return { ...toView(invitation), link };
  }

  private async mail(tx: TenantTx, { organizationId, email, invitedBy }: Invitation, link: string): Promise<void> {
    const { name, language } = await tx.organization.findUniqueOrThrow({ where: { id: organizationId } });
    const organization = { name, language: language as Language };
    await this.mailer.add(tx, organizationId, invitationMail(email, organization, invitedBy, link, LIFE_MS));
  }

  /** @throws InvitationNotFound */
  async revoke(by: Caller, id: InvitationId): Promise<void> {
    await this.db.asTenant(by.organization, async (tx) => {
      const invitation = await this.invitations.find(tx, id);
      if (!invitation || !(await this.invitations.delete(tx, id))) throw new InvitationNotFound(id);
      await this.note(tx, by, 'invitation.revoked', invitation);
    });
  }

  /** What somebody is asked to join. @throws InvitationGone */
  async preview(token: string): Promise<InvitationPreview> {
    const { organization, id } = await this.locate(token);
    return this.db.asTenant(organization, async (tx) => {
      const invitation = await this.standing(tx, id);
      const { name } = await tx.organization.findUniqueOrThrow({ where: { id: organization } });
      return { ...toView(invitation), organization_name: name };
    });
  }

  /** Makes the person a member; the link is used up. @throws InvitationGone | InvitationForAnother | AlreadyMember */
  async accept(user: User, address: string | null, token: string): Promise<AcceptedInvitation> {
    const { organization, id } = await this.locate(token);
    const role = await this.db.asTenant(organization, async (tx) => {
      const members = await this.members.lock(tx); // of two who come with the link at once, the second finds it gone
      const invitation = await this.standing(tx, id);
      if (invitation.email !== user.email.toLowerCase()) throw new InvitationForAnother(invitation.email);
      if (members.some((member) => member.id === user.id)) throw new AlreadyMember(user.email);
      await this.entitlements.assertMayAddMember(tx, organization);
      if (!(await this.invitations.delete(tx, id))) throw new InvitationGone(); // taken back a moment ago
      await this.members.add(tx, organization, user.id, invitation.role);
      await this.facts.add(tx, memberJoined(organization, user.id, invitation.role));
      await this.audit.add(tx, personIn(organization, user, address), {
        action: 'member.joined',
        target: { type: 'member', id: user.id },
        changes: changesBetween(null, { role: invitation.role, invited_by: invitation.invitedBy }),
      });
      return invitation.role;
    });
    this.signals.send('facts', { organization });
    return { organization_id: organization, role };
  }

  private async locate(token: string): Promise<{ organization: OrganizationId; id: InvitationId }> {
    const found = await this.invitations.byToken(hashSecretToken(token));
    if (!found) throw new InvitationGone();
    return found;
  }

  private async standing(tx: TenantTx, id: InvitationId): Promise<Invitation> {
    const invitation = await this.invitations.find(tx, id);
    if (!invitation) throw new InvitationGone();
    return invitation;
  }

  private note(
    tx: TenantTx,
    by: Caller,
    action: 'invitation.created' | 'invitation.revoked',
    { id, email, role }: Invitation,
  ): Promise<void> {
    const [before, after] = action === 'invitation.created' ? [null, { email, role }] : [{ email, role }, null];
    return this.audit.add(tx, by, {
      action,
      target: { type: 'invitation', id },
      changes: changesBetween(before, after),
    });
  }
}

const toView = ({ id, email, role, invitedBy, createdAt, expiresAt }: Invitation): InvitationView => ({
  id,
  email,
  role,
  invited_by: invitedBy,
  created_at: createdAt.toISOString(),
  expires_at: expiresAt.toISOString(),
});
