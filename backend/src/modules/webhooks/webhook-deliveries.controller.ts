import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type OrganizationId, WebhookDeliveryId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { WebhookDeliveriesService } from './webhook-deliveries.service.ts';
import {
  ListWebhookDeliveries,
  ReplayQuery,
  ReplayWebhookDeliveries,
  WebhookDeliveryDetail,
  WebhookDeliveryPage,
  WebhookReplay,
} from './webhooks.dto.ts';

const DeliveryParams = z.object({ id: WebhookDeliveryId });
type DeliveryParams = z.infer<typeof DeliveryParams>;

@ApiTags('Webhooks')
@Controller('webhook-deliveries')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveriesService) {}

  /** What was told where. */
  @Get()
  @Requires('webhooks:manage')
  @Answers(WebhookDeliveryPage)
  list(
    @Organization() organization: OrganizationId,
    @Query({ schema: ListWebhookDeliveries }) query: ListWebhookDeliveries,
  ) {
    return this.deliveries.list(organization, query);
  }

  /**
   * Tells again what was delivered or given up, by any of these filters. The ids stay, so that whoever knows one already can
   * leave it; what waits is left alone, and so are endpoints that are switched off. One call takes 10,000.
   */
  @Post('replay')
  @Requires('webhooks:manage')
  @Answers(WebhookReplay)
  replayAll(
    @CurrentCaller() caller: Caller,
    @Body({ schema: ReplayWebhookDeliveries }) which: ReplayWebhookDeliveries,
    @Query({ schema: ReplayQuery }) query: ReplayQuery,
  ) {
    return this.deliveries.replayAll(caller, which, query);
  }

  /** With the request, every try and its answer. */
  @Get(':id')
  @Requires('webhooks:manage')
  @Answers(WebhookDeliveryDetail)
  get(@Organization() organization: OrganizationId, @Param({ schema: DeliveryParams }) { id }: DeliveryParams) {
    return this.deliveries.get(organization, id);
  }

  @Post(':id/replay')
  @Requires('webhooks:manage')
  @Answers(WebhookDeliveryDetail)
  replay(@CurrentCaller() caller: Caller, @Param({ schema: DeliveryParams }) { id }: DeliveryParams) {
    return this.deliveries.replay(caller, id);
  }
}
