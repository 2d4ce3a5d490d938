import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.ts';

/** This process among the nodes, for as long as it lives: the owner named in leases, the sender named in signals. */
@Injectable()
export class NodeId {
  readonly value: string = newId();
}
