import { Module } from '@nestjs/common';
import { JobMessagesRepository } from './job-messages.repository.ts';
import { JobsController } from './jobs.controller.ts';
import { JobsRepository } from './jobs.repository.ts';
import { JobsService } from './jobs.service.ts';
import { JobsWorker } from './jobs.worker.ts';

/**
 * A *job* is work that takes long enough to be watched: how far it has come is counted, it can be paused, resumed and
 * cancelled. What people decide is its state at once; what it consists of follows in batches.
 */
@Module({
  controllers: [JobsController],
  providers: [JobsService, JobsWorker, JobsRepository, JobMessagesRepository],
  exports: [JobsService],
})
export class JobsModule {}
