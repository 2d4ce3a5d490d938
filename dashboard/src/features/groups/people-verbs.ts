/** What is done to members who are chosen. */
export const MEMBER_VERBS = ['promote', 'demote', 'remove'] as const;
export type MemberVerb = (typeof MEMBER_VERBS)[number];
