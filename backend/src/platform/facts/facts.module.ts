import { Global, Module } from '@nestjs/common';
import { FactCursors } from './fact-cursors.ts';
import { FactLog } from './fact-log.ts';
import { FactsRetention } from './facts-retention.ts';
import { Facts } from './facts.ts';

@Global()
@Module({ providers: [Facts, FactLog, FactCursors, FactsRetention], exports: [Facts, FactLog, FactCursors] })
export class FactsModule {}
