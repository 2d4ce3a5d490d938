import { Module } from '@nestjs/common';
import { MediaModule } from '../media/media.module.ts';
import { MessagesModule } from '../messages/messages.module.ts';
import { SendTemplateController, TemplatesController } from './templates.controller.ts';
import { TemplatesRepository } from './templates.repository.ts';
import { TemplatesService } from './templates.service.ts';

/**
 * A *template* is a text with places for values (*variables*), and a file above it perhaps. Those that come with Wasel
 * (*system* templates) are the same for everybody, and are copied to be changed. `templates.rules.ts` says how they are read.
 */
@Module({
  imports: [MessagesModule, MediaModule],
  controllers: [TemplatesController, SendTemplateController],
  providers: [TemplatesService, TemplatesRepository],
  exports: [TemplatesService],
})
export class TemplatesModule {}
