import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { OptOutWords } from './opt-outs.dto.ts';
import { OptOutsService } from './opt-outs.service.ts';

@ApiTags('Automations')
@Controller('opt-out-words')
export class OptOutWordsController {
  constructor(private readonly optOuts: OptOutsService) {}

  /** By what people opt out of broadcasts and automations, and in again. */
  @Get()
  @Requires('automations:read')
  @Answers(OptOutWords)
  get(@Organization() organization: OrganizationId) {
    return this.optOuts.words(organization);
  }

  /** Those that are not named mean nothing any more. Who opted out stays so. */
  @Put()
  @Requires('automations:manage')
  @Answers(OptOutWords)
  set(@CurrentCaller() caller: Caller, @Body({ schema: OptOutWords }) words: OptOutWords) {
    return this.optOuts.setWords(caller, words);
  }
}
