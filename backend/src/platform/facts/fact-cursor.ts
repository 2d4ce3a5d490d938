/**
 * A place in the log of facts: the transaction that wrote a fact, and the fact's number, as `<xid>-<id>`. Opaque to
 * everybody else; clients hand it back as they got it.
 */
export type FactCursor = string;

type Place = readonly [xid: bigint, id: bigint];

const SHAPE = /^(\d{1,20})-(\d{1,19})$/;
/** What `xid8` and `bigint` of Postgres hold. */
const XID_MAX = 2n ** 64n - 1n;
const ID_MAX = 2n ** 63n - 1n;

/** @returns null for what never was a cursor */
export function toPlace(cursor: string): Place | null {
  const [, xid, id] = SHAPE.exec(cursor) ?? [];
  if (xid === undefined || id === undefined) return null;
  const place: Place = [BigInt(xid), BigInt(id)];
  return place[0] <= XID_MAX && place[1] <= ID_MAX ? place : null;
}

/** True when `a` is a later place than `b`. */
export function isAfter(a: FactCursor, b: FactCursor): boolean {
  const [placeA, placeB] = [toPlace(a), toPlace(b)];
  if (!placeA || !placeB) throw new TypeError('not a cursor');
  return placeA[0] === placeB[0] ? placeA[1] > placeB[1] : placeA[0] > placeB[0];
}
