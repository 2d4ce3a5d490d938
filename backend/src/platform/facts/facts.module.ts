import { Global, Module } from '@nestjs/common';
import { Facts } from './facts.ts';

@Global()
@Module({ providers: [Facts], exports: [Facts] })
export class FactsModule {}
