import type { Fact } from '../../platform/facts/facts.ts';
import type { OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { SessionReason, SessionState } from './sessions.dto.ts';

/** A person changed what a number is called or how it behaves. Followed by the live socket as `session.updated`. */
export const sessionUpdated = (organization: OrganizationId, session: SessionId): Fact => ({
  organization,
  type: 'session.updated',
  version: 1,
  subject: session,
  payload: { session_id: session },
});

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
