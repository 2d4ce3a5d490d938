import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys.controller.ts';
import { ApiKeysRepository } from './api-keys.repository.ts';
import { ApiKeysService } from './api-keys.service.ts';

/**
 * What an organization's own programs call with. A *key* has *scopes*, which are actions of the permission table; its secret
 * is shown once. The guard of `auth` lets keys in; here people make and revoke them.
 */
@Module({ controllers: [ApiKeysController], providers: [ApiKeysService, ApiKeysRepository] })
export class ApiKeysModule {}
