/** Votes as WhatsApp seals them, for whoever keeps polls: they are opened when both are there, long after either was delivered. */
export { openVote, type SealedVote } from './whatsapp/poll-votes.ts';
