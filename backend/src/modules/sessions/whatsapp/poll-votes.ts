import { createHash } from 'node:crypto';
import { decryptPollVote, proto } from '@whiskeysockets/baileys';
import type { Peer } from '../session-traffic.ts';
import { unwrap } from './content.ts';
import { jidOf } from './peer.ts';

/** A vote and the poll that it is about, both as they were sent, and who may have written them: under which of two addresses nobody says. */
export type SealedVote = Readonly<{
  vote: Uint8Array;
  poll: Uint8Array;
  pollId: string;
  pollAuthor: Peer;
  voter: Peer;
  /** As the poll has them. */
  options: readonly string[];
}>;

/**
 * Opens a vote with the secret of its poll, and checks that it is from the voter: it is sealed for poll and voter.
 * @returns the places of the chosen options, none when the vote was taken back; null when it cannot be opened
 */
export function openVote({ vote, poll, pollId, pollAuthor, voter, options }: SealedVote): number[] | null {
  const sealed = unwrap(proto.Message.decode(vote)).m.pollUpdateMessage?.vote;
  const secret = secretOf(proto.Message.decode(poll));
  if (!sealed?.encPayload || !sealed.encIv || !secret) return null;
  for (const pollCreatorJid of addressesOf(pollAuthor))
    for (const voterJid of addressesOf(voter)) {
      const opened = tryToOpen(sealed, { pollCreatorJid, pollMsgId: pollId, pollEncKey: secret, voterJid });
      if (opened) return placesOf(opened.selectedOptions ?? [], options);
    }
  return null;
}

/** It stands outside of the envelopes, or inside. */
const secretOf = (poll: proto.IMessage): Uint8Array | null =>
  poll.messageContextInfo?.messageSecret ?? unwrap(poll).m.messageContextInfo?.messageSecret ?? null;

const addressesOf = ({ phone, lid }: Peer): string[] => [
  ...(lid ? [jidOf({ phone: null, lid })] : []),
  ...(phone ? [jidOf({ phone, lid: null })] : []),
];

function tryToOpen(...args: Parameters<typeof decryptPollVote>): proto.Message.IPollVoteMessage | null {
  try {
    return decryptPollVote(...args);
  } catch {
    return null; // sealed for others
  }
}

/** A vote names its options by the SHA-256 of what they say. */
export function placesOf(chosen: readonly Uint8Array[], options: readonly string[]): number[] {
  const hashes = options.map((option) => createHash('sha256').update(option).digest('hex'));
  const places = chosen.map((hash) => hashes.indexOf(Buffer.from(hash).toString('hex')));
  return [...new Set(places.filter((place) => place >= 0))].toSorted((a, b) => a - b);
}
