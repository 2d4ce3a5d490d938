import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type OrganizationId, TemplateId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { SendAccepted } from '../messages/messages.dto.ts';
import {
  CopyTemplate,
  CreateTemplate,
  ListTemplates,
  PreviewTemplate,
  SendTemplate,
  TemplatePage,
  TemplatePreview,
  TemplateView,
  UpdateTemplate,
} from './templates.dto.ts';
import { TemplatesService } from './templates.service.ts';

const TemplateParams = z.object({ id: TemplateId });
type TemplateParams = z.infer<typeof TemplateParams>;

@ApiTags('Templates')
@Controller('templates')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  /** Your own, the newest first, then those that come with Wasel. */
  @Get()
  @Requires('templates:read')
  @Answers(TemplatePage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListTemplates }) query: ListTemplates) {
    return this.templates.list(organization, query);
  }

  @Get(':id')
  @Requires('templates:read')
  @Answers(TemplateView)
  get(@Organization() organization: OrganizationId, @Param({ schema: TemplateParams }) { id }: TemplateParams) {
    return this.templates.get(organization, id);
  }

  @Post()
  @Requires('templates:manage')
  @Answers(TemplateView, 201)
  create(@CurrentCaller() caller: Caller, @Body({ schema: CreateTemplate }) template: CreateTemplate) {
    return this.templates.create(caller, template);
  }

  /** Changes one of your own; messages that were accepted before stay as they are. */
  @Patch(':id')
  @Requires('templates:manage')
  @Answers(TemplateView)
  update(
    @CurrentCaller() caller: Caller,
    @Param({ schema: TemplateParams }) { id }: TemplateParams,
    @Body({ schema: UpdateTemplate }) to: UpdateTemplate,
  ) {
    return this.templates.update(caller, id, to);
  }

  @Delete(':id')
  @Requires('templates:manage')
  @AnswersNothing()
  delete(@CurrentCaller() caller: Caller, @Param({ schema: TemplateParams }) { id }: TemplateParams) {
    return this.templates.delete(caller, id);
  }

  /** Makes one of your own out of any, also of those that come with Wasel. */
  @Post(':id/copy')
  @Requires('templates:manage')
  @Answers(TemplateView, 201)
  copy(
    @CurrentCaller() caller: Caller,
    @Param({ schema: TemplateParams }) { id }: TemplateParams,
    @Body({ schema: CopyTemplate }) copy: CopyTemplate,
  ) {
    return this.templates.copy(caller, id, copy);
  }

  /** What a person would read, with the values that are there. */
  @Post(':id/preview')
  @Requires('templates:read')
  @Answers(TemplatePreview, 200)
  preview(
    @Organization() organization: OrganizationId,
    @Param({ schema: TemplateParams }) { id }: TemplateParams,
    @Body({ schema: PreviewTemplate }) { parameters }: PreviewTemplate,
  ) {
    return this.templates.preview(organization, id, parameters);
  }
}

@ApiTags('Messages')
@Controller('messages')
export class SendTemplateController {
  constructor(private readonly templates: TemplatesService) {}

  /**
   * Accepts a message that is made of a template. Values are put in as text: braces in them stay braces, and what WhatsApp
   * would read as formatting becomes a character that looks like it.
   */
  @Post('send-template')
  @Requires('messages:send')
  @ApiHeader({ name: 'Idempotency-Key', description: 'Repeated with the same body, the first answer is given again.' })
  @Answers(SendAccepted, 202)
  send(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: SendTemplate }) message: SendTemplate,
  ) {
    return this.templates.send(caller, message, key ?? null);
  }
}
