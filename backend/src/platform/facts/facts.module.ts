import { Global, Module } from '@nestjs/common';
import { FactLog } from './facts-follower.ts';
import { Facts } from './facts.ts';

@Global()
@Module({ providers: [Facts, FactLog], exports: [Facts, FactLog] })
export class FactsModule {}
