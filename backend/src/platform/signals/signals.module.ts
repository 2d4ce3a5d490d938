import { Global, Module } from '@nestjs/common';
import { NodeId } from './node-id.ts';
import { Signals } from './signals.ts';

@Global()
@Module({ providers: [NodeId, Signals], exports: [NodeId, Signals] })
export class SignalsModule {}
