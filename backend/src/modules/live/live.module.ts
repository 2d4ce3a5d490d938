import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { LiveGateway } from './live.gateway.ts';

/** What browsers are told as it happens. */
@Module({ imports: [SessionsModule], providers: [LiveGateway] })
export class LiveModule {}
