import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyVerifier } from './api-key-verifier.ts';
import { AuthController } from './auth.controller.ts';
import { AuthGuard } from './auth.guard.ts';
import { EmbeddedIssuer } from './embedded-issuer.ts';
import { Memberships } from './memberships.ts';
import { RequestLimits } from './request-limits.ts';
import { SuperAdmins } from './super-admins.ts';
import { TokenEnds } from './token-ends.ts';
import { TokenVerifier } from './token-verifier.ts';

/** Who asks, in which organization's name, with what rights. */
@Global()
@Module({
  controllers: [AuthController],
  providers: [
    EmbeddedIssuer,
    RequestLimits,
    TokenEnds,
    TokenVerifier,
    ApiKeyVerifier,
    Memberships,
    SuperAdmins,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [EmbeddedIssuer, RequestLimits, TokenEnds, TokenVerifier, Memberships, SuperAdmins],
})
export class AuthModule {}
