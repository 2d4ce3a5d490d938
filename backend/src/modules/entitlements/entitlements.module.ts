import { Global, Module } from '@nestjs/common';
import { Entitlements } from './entitlements.ts';

@Global()
@Module({ providers: [Entitlements], exports: [Entitlements] })
export class EntitlementsModule {}
