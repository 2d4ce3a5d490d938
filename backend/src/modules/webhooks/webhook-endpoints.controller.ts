import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type OrganizationId, WebhookEndpointId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { WebhookEndpointsService } from './webhook-endpoints.service.ts';
import {
  CreateWebhookEndpoint,
  UpdateWebhookEndpoint,
  WebhookDeliveryDetail,
  WebhookEndpointPage,
  WebhookEndpointView,
  WebhookEndpointWithSecret,
} from './webhooks.dto.ts';

const EndpointParams = z.object({ id: WebhookEndpointId });
type EndpointParams = z.infer<typeof EndpointParams>;

@ApiTags('Webhooks')
@Controller('webhook-endpoints')
export class WebhookEndpointsController {
  constructor(private readonly endpoints: WebhookEndpointsService) {}

  /** Where you are told what happens, and how each endpoint is. */
  @Get()
  @Requires('webhooks:manage')
  @Answers(WebhookEndpointPage)
  async list(@Organization() organization: OrganizationId) {
    return { items: await this.endpoints.list(organization), next_cursor: null };
  }

  /** Adds an endpoint: it is told what happens from now on. The answer has its secret, which is never shown again. */
  @Post()
  @Requires('webhooks:manage')
  @Answers(WebhookEndpointWithSecret, 201)
  create(@CurrentCaller() caller: Caller, @Body({ schema: CreateWebhookEndpoint }) endpoint: CreateWebhookEndpoint) {
    return this.endpoints.create(caller, endpoint);
  }

  @Get(':id')
  @Requires('webhooks:manage')
  @Answers(WebhookEndpointView)
  get(@Organization() organization: OrganizationId, @Param({ schema: EndpointParams }) { id }: EndpointParams) {
    return this.endpoints.get(organization, id);
  }

  @Patch(':id')
  @Requires('webhooks:manage')
  @Answers(WebhookEndpointView)
  update(
    @CurrentCaller() caller: Caller,
    @Param({ schema: EndpointParams }) { id }: EndpointParams,
    @Body({ schema: UpdateWebhookEndpoint }) change: UpdateWebhookEndpoint,
  ) {
    return this.endpoints.update(caller, id, change);
  }

  /** Removes it, with the log of what it was told. */
  @Delete(':id')
  @Requires('webhooks:manage')
  @AnswersNothing()
  delete(@CurrentCaller() caller: Caller, @Param({ schema: EndpointParams }) { id }: EndpointParams) {
    return this.endpoints.delete(caller, id);
  }

  /** Gives it a new secret. For 24 hours requests are signed with both; then the old one ends. */
  @Post(':id/rotate-secret')
  @Requires('webhooks:manage')
  @Answers(WebhookEndpointWithSecret)
  rotateSecret(@CurrentCaller() caller: Caller, @Param({ schema: EndpointParams }) { id }: EndpointParams) {
    return this.endpoints.rotateSecret(caller, id);
  }

  /** Sends a `webhook.test` there now, once, and answers with what came back. */
  @Post(':id/test')
  @Requires('webhooks:manage')
  @Answers(WebhookDeliveryDetail)
  test(@CurrentCaller() caller: Caller, @Param({ schema: EndpointParams }) { id }: EndpointParams) {
    return this.endpoints.test(caller, id);
  }
}
