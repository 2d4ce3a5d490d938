import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from './config/config.ts';
import { ConfigModule } from './config/config.module.ts';
import { AlertsModule } from './modules/alerts/alerts.module.ts';
import { ApiKeysModule } from './modules/api-keys/api-keys.module.ts';
import { AuditModule } from './modules/audit/audit.module.ts';
import { AuthModule } from './modules/auth/auth.module.ts';
import { AutomationsModule } from './modules/automations/automations.module.ts';
import { BroadcastsModule } from './modules/broadcasts/broadcasts.module.ts';
import { BulkModule } from './modules/bulk/bulk.module.ts';
import { ConversationsModule } from './modules/conversations/conversations.module.ts';
import { EntitlementsModule } from './modules/entitlements/entitlements.module.ts';
import { ExportsModule } from './modules/exports/exports.module.ts';
import { GroupsModule } from './modules/groups/groups.module.ts';
import { HealthModule } from './modules/health/health.module.ts';
import { ImportsModule } from './modules/imports/imports.module.ts';
import { JobsModule } from './modules/jobs/jobs.module.ts';
import { LiveModule } from './modules/live/live.module.ts';
import { MailboxModule } from './modules/mailbox/mailbox.module.ts';
import { MembersModule } from './modules/members/members.module.ts';
import { MessagesModule } from './modules/messages/messages.module.ts';
import { NotificationsModule } from './modules/notifications/notifications.module.ts';
import { OperatorModule } from './modules/operator/operator.module.ts';
import { OptOutsModule } from './modules/opt-outs/opt-outs.module.ts';
import { OrganizationsModule } from './modules/organizations/organizations.module.ts';
import { SessionsModule } from './modules/sessions/sessions.module.ts';
import { TemplatesModule } from './modules/templates/templates.module.ts';
import { WebhooksModule } from './modules/webhooks/webhooks.module.ts';
import { ClockModule } from './platform/clock.module.ts';
import { DatabaseModule } from './platform/database/database.module.ts';
import { EncryptionModule } from './platform/encryption/encryption.module.ts';
import { FactsModule } from './platform/facts/facts.module.ts';
import { HttpModule } from './platform/http/http.module.ts';
import { MetricsModule } from './platform/metrics/metrics.module.ts';
import { RateLimitsModule } from './platform/rate-limits/rate-limits.module.ts';
import { MailModule } from './platform/mail/mail.module.ts';
import { SignalsModule } from './platform/signals/signals.module.ts';
import { TracingModule } from './platform/tracing/tracing.module.ts';

/** The table of contents. */
@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        ClockModule,
        MetricsModule,
        TracingModule,
        DatabaseModule,
        EncryptionModule,
        SignalsModule,
        FactsModule,
        MailModule,
        HttpModule,
        RateLimitsModule,
        AuthModule,
        AuditModule,
        EntitlementsModule,
        OrganizationsModule,
        MembersModule,
        ApiKeysModule,
        AlertsModule,
        SessionsModule,
        MessagesModule,
        GroupsModule,
        TemplatesModule,
        NotificationsModule,
        OptOutsModule,
        AutomationsModule,
        JobsModule,
        BulkModule,
        ImportsModule,
        BroadcastsModule,
        ConversationsModule,
        ExportsModule,
        LiveModule,
        WebhooksModule,
        OperatorModule,
        MailboxModule,
        HealthModule,
      ],
    };
  }
}
