import type { GroupPictureInfo } from './groups.dto.ts';

/** As rows of `group_pictures` say it. @param state null: there is no row, for nobody has asked */
export const pictureInfo = (state: string | null, updatedAt: Date | null): GroupPictureInfo =>
  state === 'none' ? null : { updated_at: updatedAt?.toISOString() ?? null };
