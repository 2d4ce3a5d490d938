import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Media } from '../../generated/prisma/client.ts';
import { MediaId, OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { Organization } from '../auth/caller.ts';
import { Public, Requires, Unmetered } from '../auth/requires.decorator.ts';
import { MediaView } from './media.dto.ts';
import { MediaNotFound } from './media.errors.ts';
import { dispositionOf, parseRange } from './media.rules.ts';
import { MediaService } from './media.service.ts';
import { MediaStore } from './media.store.ts';
import { readUpload } from './media.upload.ts';

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
    return this.media.toView(
      await readUpload(request, (content, fileName) => this.media.upload(organization, content, fileName)),
    );
  }

  /** The file behind a signed link, or the part of it that `Range` asks for. */
  @Get(':id/content')
  @Public()
  @Unmetered('a page shows many pictures, each by a signed link')
  async content(
    @Param({ schema: MediaParams }) { id }: MediaParams,
    @Query({ schema: Signed }) { organization, expires, signature }: Signed,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.media.linked(organization, id, expires, signature);
    const size = Number(file.sizeBytes);
    const range = rangeOf(request, file);
    response.set('etag', etagOf(file));
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    if (range === null) {
      response.status(416).set('content-range', `bytes */${size}`).end();
      return;
    }
    const content = await this.store.open(file.storageKey, range); // first: the answer to a failure wears other headers
    response.set(headersOf(file));
    if (range) response.status(206).set('content-range', `bytes ${range.start}-${range.end}/${size}`);
    response.set('content-length', String(range ? range.end - range.start + 1 : size));
    // A reader who goes away ends the stream; there is nobody left to tell.
    await pipeline(content, response).catch(() => response.destroy());
  }

  /** A small JPEG of the file behind a signed link. */
  @Get(':id/thumbnail')
  @Public()
  @Unmetered('a page shows many pictures, each by a signed link')
  async thumbnail(
    @Param({ schema: MediaParams }) { id }: MediaParams,
    @Query({ schema: Signed }) { organization, expires, signature }: Signed,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.media.linked(organization, id, expires, signature);
    if (!file.thumbnail) throw new MediaNotFound(id);
    response.set({ ...headersOf(file), 'content-type': 'image/jpeg', 'content-disposition': 'inline' });
    response.removeHeader('accept-ranges');
    response.end(Buffer.from(file.thumbnail));
  }
}

/** What the file is named by between caches and us: its content. */
const etagOf = ({ sha256 }: Media): string => `"${Buffer.from(sha256).toString('hex')}"`;

/** A part that continues another version of the file (`If-Range`) is answered with the whole. */
function rangeOf(request: Request, file: Media) {
  const version = request.header('if-range');
  if (version !== undefined && version !== etagOf(file)) return undefined;
  return parseRange(request.header('range'), Number(file.sizeBytes));
}

/** Whatever people send is shown as it is and may do nothing: no guessing of types, no scripts, nothing loaded. */
const headersOf = (file: Media): Record<string, string> => ({
  'content-type': file.mimeType,
  'content-disposition': dispositionOf(file.mimeType, file.fileName),
  'accept-ranges': 'bytes',
  'cache-control': 'private, max-age=3600',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
});
