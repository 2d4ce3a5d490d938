import { open, readFile, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { S3Settings } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { MediaGone, MediaStoreUnavailable } from './media.errors.ts';
import { type ByteRange, checkedKey, MediaStore } from './media.store.ts';
import { resumable } from './resumable.ts';
import { TemporaryFiles } from './temporary-files.ts';

/** More than S3's least of 5 MB, and little enough to be held in memory: one part of an upload is, and no more. */
const PART_BYTES = 8 * 1024 * 1024;
/** Of the 1,000 that a list names at a time, taken away at once. */
const REMOVALS_AT_ONCE = 8;
/** The first try included; the client waits ever longer between them. */
const TRIES_MAX = 4;
const CONNECT_MS = 5_000;
/** Between two bytes of an answer. */
const SILENCE_MS = 30_000;

/** What the store says that only whoever set it up can change, and what he can do about it. */
const CURES: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch: 'the store does not take our signature: check MEDIA_S3_SECRET_ACCESS_KEY and MEDIA_S3_REGION',
  InvalidAccessKeyId: 'the store does not know MEDIA_S3_ACCESS_KEY_ID',
  AccessDenied: 'this key may not use MEDIA_S3_BUCKET: let it list, read, write and delete there',
  NoSuchBucket: 'there is no MEDIA_S3_BUCKET of this name at the store',
  RequestTimeTooSkewed: "the store's clock and the clock of this machine differ: set them",
};

/** A bucket of any S3, with files named by their content. Nothing of it is public: people read through signed links of our own. */
export class S3MediaStore extends MediaStore implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(S3MediaStore.name);
  private readonly client: S3Client;
  private readonly temporary: TemporaryFiles;

  constructor(
    private readonly settings: S3Settings,
    directory: string,
    private readonly clock: Clock,
  ) {
    super();
    this.temporary = new TemporaryFiles(resolve(directory));
    this.client = new S3Client({
      ...(settings.endpoint ? { endpoint: settings.endpoint } : {}),
      region: settings.region,
      forcePathStyle: settings.pathStyle,
      credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
      maxAttempts: TRIES_MAX,
      requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
      // Not every S3 knows the newer checksums; the signature covers the content's hash all the same.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /** A wrong setting stops the start with words; a store that is only away does not. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.client.send(new ListObjectsV2Command({ Bucket: this.settings.bucket, MaxKeys: 1 }));
    } catch (error) {
      const cure = CURES[error instanceof S3ServiceException ? error.name : ''];
      if (cure) throw new Error(`MEDIA_STORE=s3: ${cure}.`, { cause: error });
      this.log.warn({ error: String(error) }, 'the media store does not answer; files wait until it does');
    }
  }

  onApplicationShutdown(): void {
    this.client.destroy();
  }

  async put(temporaryPath: string, storageKey: string): Promise<void> {
    const at = this.at(storageKey);
    await this.translated(async () => {
      const { size } = await stat(temporaryPath);
      if ((await this.sizeOf(at)) === size) return;
      if (size <= PART_BYTES) await this.putWhole(at, temporaryPath);
      else await this.putInParts(at, temporaryPath);
    });
    await rm(temporaryPath, { force: true });
  }

  async open(storageKey: string, range?: ByteRange): Promise<Readable> {
    const at = this.at(storageKey);
    const openAt = async (skip: number): Promise<Readable> => {
      const start = (range?.start ?? 0) + skip;
      const { Body } = await this.translated(() =>
        this.client.send(
          new GetObjectCommand(start > 0 || range ? { ...at, Range: `bytes=${start}-${range?.end ?? ''}` } : at),
        ),
      );
      if (Body instanceof Readable) return Body;
      throw new MediaStoreUnavailable();
    };
    return resumable(openAt, { clock: this.clock, silenceMs: SILENCE_MS, triesMax: TRIES_MAX });
  }

  async remove(storageKey: string): Promise<void> {
    const at = this.at(storageKey);
    await this.translated(() => this.client.send(new DeleteObjectCommand(at)));
  }

  async removeAll(organization: OrganizationId): Promise<void> {
    const Prefix = `${OrganizationId.parse(organization)}/`; // an empty one would be everybody's
    const { bucket: Bucket } = this.settings;
    await this.translated(async () => {
      let ContinuationToken: string | undefined;
      do {
        const page = await this.client.send(
          new ListObjectsV2Command({ Bucket, Prefix, ...(ContinuationToken ? { ContinuationToken } : {}) }),
        );
        const keys = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
        const lane = async () => {
          for (let Key = keys.pop(); Key !== undefined; Key = keys.pop())
            await this.client.send(new DeleteObjectCommand({ Bucket, Key }));
        };
        await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, lane));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    });
  }

  /** Also uploads that a process began and did not end: their parts are paid for, and seen by nobody. */
  async sweep(before: Date): Promise<void> {
    await this.temporary.sweep(before);
    const { bucket: Bucket } = this.settings;
    await this.translated(async () => {
      const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket }));
      for (const { Key, UploadId, Initiated } of Uploads)
        if (Key && UploadId && Initiated && Initiated < before)
          await this.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    });
  }

  temporaryPath(): Promise<string> {
    return this.temporary.path();
  }

  private at(storageKey: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: checkedKey(storageKey) };
  }

  private async sizeOf(at: { Bucket: string; Key: string }): Promise<number | undefined> {
    try {
      return (await this.client.send(new HeadObjectCommand(at))).ContentLength;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private async putWhole(at: { Bucket: string; Key: string }, path: string): Promise<void> {
    await this.client.send(new PutObjectCommand({ ...at, Body: await readFile(path) }));
  }

  /** One part after the other, from one buffer. */
  private async putInParts(at: { Bucket: string; Key: string }, path: string): Promise<void> {
    const { UploadId } = await this.client.send(new CreateMultipartUploadCommand(at));
    const upload = { ...at, UploadId };
    const file = await open(path);
    try {
      const part = Buffer.allocUnsafeSlow(PART_BYTES);
      const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
      for (;;) {
        const { bytesRead } = await file.read(part, 0, PART_BYTES);
        if (bytesRead === 0) break;
        const PartNumber = Parts.length + 1;
        const Body = part.subarray(0, bytesRead);
        const { ETag } = await this.client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
        Parts.push({ PartNumber, ETag });
      }
      await this.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    } catch (error) {
      // What cannot be ended now is ended by the sweep.
      await this.client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
  }

  /** The client's errors in our words. */
  private async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (isMissing(cause)) throw new MediaGone({ cause });
      const cure = CURES[cause instanceof S3ServiceException ? cause.name : ''];
      if (cure) this.log.error(`MEDIA_STORE=s3: ${cure}.`);
      throw new MediaStoreUnavailable({ cause });
    }
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
