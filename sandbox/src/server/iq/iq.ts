/** Questions and answers: `<iq type=get|set xmlns>` in, `<iq type=result|error>` out. One file per family. */
import type { BinaryNode } from '../../protocol/node.ts';
import type { Connection } from '../connection.ts';
import type { ServerContext } from '../context.ts';
import type { DeviceRef } from '../directory.ts';

export type IqRequest = Readonly<{
  context: ServerContext;
  connection: Connection;
  /** Who asks. Requests of devices that are not linked are handled apart (`md` only). */
  device: DeviceRef;
  iq: BinaryNode;
  /** The first child of the iq, which says what is asked. */
  subject: BinaryNode | undefined;
}>;

/** Answers with the children of the result. Runs in one transaction; @throws IqError to refuse. */
export type IqHandler = (request: IqRequest) => BinaryNode[] | undefined;

/** Refused: goes out as `<iq type=error><error code text/>`. */
export class IqError extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** The sandbox does not know this request. It is counted by kind, and answered with 501. */
export class UnknownIq extends IqError {
  constructor() {
    super(501, 'feature-not-implemented');
  }
}
