import { pipeline } from 'node:stream/promises';
import { Controller, Get, Logger, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller } from '../auth/caller.ts';
import { Public, Requires } from '../auth/requires.decorator.ts';
import { ExportLink } from './exports.dto.ts';
import { ExportsService } from './exports.service.ts';

const ExportParams = z.object({ id: OrganizationId });
type ExportParams = z.infer<typeof ExportParams>;

const Signed = z.object({ expires: z.coerce.number().int(), signature: z.string().max(100) });
type Signed = z.infer<typeof Signed>;

@ApiTags('Organizations')
@Controller('organizations')
export class ExportsController {
  private readonly log = new Logger(ExportsController.name);

  constructor(private readonly exports: ExportsService) {}

  /** A link to everything that the organization has, for the next minutes. That it was asked for is an entry of the audit log. */
  @Post('current/exports')
  @Requires('organization:export')
  @Answers(ExportLink, 201)
  create(@CurrentCaller() caller: Caller) {
    return this.exports.create(caller);
  }

  /**
   * Everything as a ZIP file: a file of JSON lines for each list, in the shapes of this API, and the files of messages below
   * `media/`. It is made as it is read, so it has no length beforehand and cannot be resumed.
   */
  @Get(':id/export')
  @Public()
  @ApiProduces('application/zip')
  async read(
    @Param({ schema: ExportParams }) { id }: ExportParams,
    @Query({ schema: Signed }) { expires, signature }: Signed,
    @Res() response: Response,
  ): Promise<void> {
    const { name, content } = await this.exports.open(id, expires, signature);
    response.set({ 'content-type': 'application/zip', 'cache-control': 'no-store' });
    response.attachment(`${name}.zip`);
    // Broken off rather than ended where it fails: half of a file must not look like all of it.
    await pipeline(content, response).catch((error: unknown) => {
      this.log.warn({ organization: id, error: String(error) }, 'an export broke off');
      response.destroy();
    });
  }
}
