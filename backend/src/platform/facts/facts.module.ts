import { Global, Module } from '@nestjs/common';
import { FactLog } from './fact-log.ts';
import { FactsRetention } from './facts-retention.ts';
import { Facts } from './facts.ts';

@Global()
@Module({ providers: [Facts, FactLog, FactsRetention], exports: [Facts, FactLog] })
export class FactsModule {}
