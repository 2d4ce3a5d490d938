import type { Fact } from '../../platform/facts/facts.ts';
import type { OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { SessionReason, SessionState } from './sessions.dto.ts';

/** A session's state changed. Followed by the live socket as `session.status`. */
export const sessionStatus = (
  organization: OrganizationId,
  session: SessionId,
  now: { state: SessionState; reason: SessionReason | null },
): Fact => ({
  organization,
  type: 'session.status',
  version: 1,
  subject: session,
  payload: { session_id: session, ...now },
});
