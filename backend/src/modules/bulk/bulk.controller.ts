import { Body, Controller, Headers, Post } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { BulkAccepted, SendBulk } from './bulk.dto.ts';
import { BulkService } from './bulk.service.ts';

@ApiTags('Messages')
@Controller('messages')
export class BulkController {
  constructor(private readonly bulk: BulkService) {}

  /**
   * Accepts up to 10,000 messages, texts and templates mixed, as a job: all of them or none. What is wrong with any of them is
   * said by its index. The body may have 16 MB.
   */
  @Post('send-bulk')
  @Requires('messages:send_bulk')
  @ApiHeader({ name: 'Idempotency-Key', description: 'Repeated with the same body, the first answer is given again.' })
  @Answers(BulkAccepted, 202)
  send(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: SendBulk }) request: SendBulk,
  ) {
    return this.bulk.send(caller, request, key ?? null);
  }
}
