import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NotificationId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { ListNotifications, NotificationPage, NotificationView } from './notifications.dto.ts';
import { NotificationsService } from './notifications.service.ts';

const NotificationParams = z.object({ id: NotificationId });
type NotificationParams = z.infer<typeof NotificationParams>;

@ApiTags('Automations')
@Controller('notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  /** What automations told people, or will; the newest first. */
  @Get()
  @Requires('automations:read')
  @Answers(NotificationPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListNotifications }) query: ListNotifications) {
    return this.notifications.list(organization, query);
  }

  @Get(':id')
  @Requires('automations:read')
  @Answers(NotificationView)
  get(@Organization() organization: OrganizationId, @Param({ schema: NotificationParams }) { id }: NotificationParams) {
    return this.notifications.get(organization, id);
  }

  /** Takes one back that is still pending. */
  @Post(':id/cancel')
  @Requires('automations:manage')
  @Answers(NotificationView, 200)
  cancel(@CurrentCaller() caller: Caller, @Param({ schema: NotificationParams }) { id }: NotificationParams) {
    return this.notifications.cancel(caller, id);
  }
}
