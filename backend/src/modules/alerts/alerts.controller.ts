import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AlertId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, CurrentUser, Organization, type User } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { AlertPage, AlertSettings, AlertSummary, AlertView, ListAlerts } from './alerts.dto.ts';
import { AlertsService } from './alerts.service.ts';

const AlertParams = z.object({ id: AlertId });
type AlertParams = z.infer<typeof AlertParams>;

@ApiTags('Alerts')
@Controller('alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  /** Numbers that dropped and need a person. */
  @Get()
  @Requires('alerts:read')
  @Answers(AlertPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListAlerts }) query: ListAlerts) {
    return this.alerts.list(organization, query);
  }

  @Get('summary')
  @Requires('alerts:read')
  @Answers(AlertSummary)
  summary(@Organization() organization: OrganizationId) {
    return this.alerts.summary(organization);
  }

  /** Says that somebody looks after every open alert. */
  @Post('acknowledge')
  @Requires('alerts:acknowledge')
  @Answers(AlertSummary)
  acknowledgeAll(@CurrentCaller() caller: Caller) {
    return this.alerts.acknowledgeAll(caller);
  }

  /** Says that somebody looks after it. It is resolved by itself, when the number is well again. */
  @Post(':id/acknowledge')
  @Requires('alerts:acknowledge')
  @Answers(AlertView)
  acknowledge(@CurrentCaller() caller: Caller, @Param({ schema: AlertParams }) { id }: AlertParams) {
    return this.alerts.acknowledge(caller, id);
  }

  /** Whether you are told of alerts by mail, and in which language. */
  @Get('settings')
  @Requires('alerts:subscribe')
  @Answers(AlertSettings)
  settings(@Organization() organization: OrganizationId, @CurrentUser() { id }: User) {
    return this.alerts.settings(organization, id);
  }

  @Put('settings')
  @Requires('alerts:subscribe')
  @Answers(AlertSettings)
  saveSettings(
    @Organization() organization: OrganizationId,
    @CurrentUser() { id }: User,
    @Body({ schema: AlertSettings }) settings: AlertSettings,
  ) {
    return this.alerts.saveSettings(organization, id, settings);
  }
}
