import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { LiveGateway } from './live.gateway.ts';
import { LiveGuard } from './live.guard.ts';

/** What browsers are told as it happens. */
@Module({ imports: [SessionsModule], providers: [LiveGateway, LiveGuard] })
export class LiveModule {}
