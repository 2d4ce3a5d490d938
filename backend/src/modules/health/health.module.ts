import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { HealthController } from './health.controller.ts';

/** Whether this node is alive, and whether it may be sent requests. */
@Module({ imports: [SessionsModule], controllers: [HealthController] })
export class HealthModule {}
