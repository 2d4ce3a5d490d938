import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import busboy from 'busboy';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Media } from '../../generated/prisma/client.ts';
import { MediaId, OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { Organization } from '../auth/caller.ts';
import { Public, Requires } from '../auth/requires.decorator.ts';
import { MediaView } from './media.dto.ts';
import { MediaMissing } from './media.errors.ts';
import { parseRange } from './media.rules.ts';
import { MediaService } from './media.service.ts';
import { MediaStore } from './media.store.ts';

const MediaParams = z.object({ id: MediaId });
type MediaParams = z.infer<typeof MediaParams>;

const Signed = z.object({
  organization: OrganizationId,
  expires: z.coerce.number().int(),
  signature: z.string().max(100),
});
type Signed = z.infer<typeof Signed>;

@ApiTags('Media')
@Controller('media')
export class MediaController {
  constructor(
    private readonly media: MediaService,
    private readonly store: MediaStore,
  ) {}

  /** Uploads one file, to be sent by its id. */
  @Post('upload')
  @Requires('media:upload')
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] },
  })
  @Answers(MediaView, 201)
  async upload(@Organization() organization: OrganizationId, @Req() request: Request) {
    return this.media.toView(await this.fileIn(request, organization));
  }

  /** The file behind a signed link. */
  @Get(':id/content')
  @Public()
  async content(
    @Param({ schema: MediaParams }) { id }: MediaParams,
    @Query({ schema: Signed }) { organization, expires, signature }: Signed,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.media.linked(organization, id, expires, signature);
    const size = Number(file.sizeBytes);
    const range = parseRange(request.header('range'), size);
    response.set({
      'content-type': file.mimeType,
      'content-disposition': dispositionOf(file),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=3600',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    });
    if (range === null) {
      response.status(416).set('content-range', `bytes */${size}`).end();
      return;
    }
    if (range) response.status(206).set('content-range', `bytes ${range.start}-${range.end}/${size}`);
    response.set('content-length', String(range ? range.end - range.start + 1 : size));
    // A reader who goes away ends the stream; there is nobody left to tell.
    await pipeline(this.store.open(file.storageKey, range), response).catch(() => response.destroy());
  }

  /** @throws MediaMissing when the body is no form with one file */
  private fileIn(request: Request, organization: OrganizationId): Promise<Media> {
    return new Promise((resolve, reject) => {
      let kept: Promise<Media> | undefined;
      const refuse = () => reject(new MediaMissing());
      try {
        const form = busboy({ headers: request.headers, limits: { files: 1, fields: 10 }, defParamCharset: 'utf8' });
        form.on('file', (_name, content, { filename }) => {
          kept = this.media.keep(organization, content, filename);
          kept.then(resolve, (error: unknown) => {
            content.resume(); // the rest of the request is read and thrown away, so that the answer is heard
            reject(error instanceof Error ? error : new Error(String(error)));
          });
        });
        form.on('close', () => (kept ? undefined : refuse()));
        form.on('error', refuse);
        request.on('aborted', () => form.destroy(new Error('the upload was broken off')));
        request.pipe(form);
      } catch {
        refuse();
      }
    });
  }
}

/** Shown in the page when a browser can, else saved under its own name (RFC 6266). */
function dispositionOf({ mimeType, fileName }: Media): string {
  const how = /^(image|audio|video)\//.test(mimeType) && mimeType !== 'image/svg+xml' ? 'inline' : 'attachment';
  return fileName ? `${how}; filename*=UTF-8''${encodeURIComponent(fileName)}` : how;
}
