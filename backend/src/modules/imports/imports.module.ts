import { Module } from '@nestjs/common';
import { BulkModule } from '../bulk/bulk.module.ts';
import { JobsModule } from '../jobs/jobs.module.ts';
import { TemplatesModule } from '../templates/templates.module.ts';
import { ImportsController } from './imports.controller.ts';
import { ImportsRepository } from './imports.repository.ts';
import { ImportsService } from './imports.service.ts';

/** An *import* is a file of people to write to: read, checked by what its columns mean (its *mapping*), and launched once. */
@Module({
  imports: [BulkModule, JobsModule, TemplatesModule],
  controllers: [ImportsController],
  providers: [ImportsService, ImportsRepository],
  exports: [ImportsService],
})
export class ImportsModule {}
