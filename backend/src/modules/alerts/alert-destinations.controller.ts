import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AlertDestinationId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { AlertDestinationsService } from './alert-destinations.service.ts';
import { AlertDestinationPage, AlertDestinationView, CreateAlertDestination } from './alerts.dto.ts';

const DestinationParams = z.object({ id: AlertDestinationId });
type DestinationParams = z.infer<typeof DestinationParams>;

@ApiTags('Alerts')
@Controller('alert-destinations')
export class AlertDestinationsController {
  constructor(private readonly destinations: AlertDestinationsService) {}

  @Get()
  @Requires('alerts:manage')
  @Answers(AlertDestinationPage)
  async list(@Organization() organization: OrganizationId) {
    return { items: await this.destinations.list(organization), next_cursor: null };
  }

  /** Adds an incoming webhook of Slack, Discord or their like; alerts are told there from now on. */
  @Post()
  @Requires('alerts:manage')
  @Answers(AlertDestinationView, 201)
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: CreateAlertDestination }) destination: CreateAlertDestination,
  ) {
    return this.destinations.create(caller, destination);
  }

  /** Sends a test there, once. Its outcome is at the destination: `last_sent_at`, or `failing_since` and `last_error`. */
  @Post(':id/test')
  @Requires('alerts:manage')
  @Answers(AlertDestinationView, 202)
  test(@CurrentCaller() caller: Caller, @Param({ schema: DestinationParams }) { id }: DestinationParams) {
    return this.destinations.test(caller, id);
  }

  @Delete(':id')
  @Requires('alerts:manage')
  @AnswersNothing()
  delete(@CurrentCaller() caller: Caller, @Param({ schema: DestinationParams }) { id }: DestinationParams) {
    return this.destinations.delete(caller, id);
  }
}
