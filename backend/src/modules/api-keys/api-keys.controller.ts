import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiKeyId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { ApiKeyPage, CreateApiKey, CreatedApiKey } from './api-keys.dto.ts';
import { ApiKeysService } from './api-keys.service.ts';

const ApiKeyParams = z.object({ id: ApiKeyId });
type ApiKeyParams = z.infer<typeof ApiKeyParams>;

@ApiTags('API keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @Requires('api_keys:manage')
  @Answers(ApiKeyPage)
  async list(@Organization() organization: OrganizationId) {
    return { items: await this.keys.list(organization), next_cursor: null };
  }

  /** Makes a key. It is shown here, and never again. */
  @Post()
  @Requires('api_keys:manage')
  @Answers(CreatedApiKey, 201)
  create(@CurrentCaller() caller: Caller, @Body({ schema: CreateApiKey }) key: CreateApiKey) {
    return this.keys.create(caller, key);
  }

  /** Revokes a key: it works no more from now on. */
  @Delete(':id')
  @Requires('api_keys:manage')
  @AnswersNothing()
  revoke(@CurrentCaller() caller: Caller, @Param({ schema: ApiKeyParams }) { id }: ApiKeyParams) {
    return this.keys.revoke(caller, id);
  }
}
