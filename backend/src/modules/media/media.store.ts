/** Where files lie. Keys are ours; nothing of a user's is part of one. */
export abstract class MediaStore {
  /** Where a stored file can be read from. */
  abstract path(storageKey: string): string;
}
