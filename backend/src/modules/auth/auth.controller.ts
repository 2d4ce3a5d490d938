import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Config } from '../../config/config.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { VERSION } from '../../platform/version.ts';
import { PublicConfig } from './auth.dto.ts';
import { Public, Unmetered } from './requires.decorator.ts';

@ApiTags('Sign-in')
@Controller('config')
export class AuthController {
  constructor(private readonly config: Config) {}

  @Get()
  @Public()
  @Unmetered('every page asks, and it costs nothing')
  @Answers(PublicConfig)
  get(): PublicConfig {
    const { auth, mail, operator, organizations, whatsapp } = this.config;
    return {
      version: VERSION,
      auth:
        auth.provider === 'embedded'
          ? { provider: 'embedded' }
          : { provider: 'supabase', url: auth.url, anon_key: auth.anonKey },
      mail: mail.smtp ? 'sent' : mail.mailbox ? 'mailbox' : 'none',
      operator_email: operator.email ?? null,
      deletion_grace_days: organizations.deletionGraceDays,
      sandbox: whatsapp.sandboxUrl ? { phones_url: whatsapp.sandboxUrl } : null,
    };
  }
}
