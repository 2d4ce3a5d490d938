import { DomainError } from '../../kernel/domain-error.ts';

export class JobNotFound extends DomainError {
  readonly code = 'job_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such job';
  constructor(id: string) {
    super('Choose one of the jobs of GET /api/jobs.', { job_id: id });
  }
}

export class JobNotPausable extends DomainError {
  readonly code = 'job_not_pausable';
  readonly kind = 'conflict';
  readonly title = 'This job cannot be paused';
  constructor(state: string) {
    super('Only a job that is running can be paused.', { state });
  }
}

export class JobNotResumable extends DomainError {
  readonly code = 'job_not_resumable';
  readonly kind = 'conflict';
  readonly title = 'This job cannot be resumed';
  constructor(state: string) {
    super('Only a job that is paused can be resumed.', { state });
  }
}

export class JobNotCancellable extends DomainError {
  readonly code = 'job_not_cancellable';
  readonly kind = 'conflict';
  readonly title = 'This job is over';
  constructor(state: string) {
    super('Only a job that is running or paused can be cancelled.', { state });
  }
}

export class JobNothingFailed extends DomainError {
  readonly code = 'job_nothing_failed';
  readonly kind = 'conflict';
  readonly title = 'Nothing of this job has failed';
  constructor(id: string) {
    super('There is nothing to send again.', { job_id: id });
  }
}
