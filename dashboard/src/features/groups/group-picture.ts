import type { GroupView } from '@wasel/backend/contract';
import { queryOptions } from '@tanstack/react-query';
import { file } from '@/lib/api';

/** How long a picture that nobody shows any more is remembered. */
const KEPT_MS = 3_600_000;

/**
 * A group's picture as an address that an image can show. Asking for one has somebody look who is in the group; when there is
 * another one the group says so, by its time.
 */
export const pictureQuery = (jid: string, picture: GroupView['picture'] | undefined) =>
  queryOptions({
    queryKey: ['group-picture', jid, picture?.updated_at ?? null],
    queryFn: async () => addressOf(await file(`/groups/${encodeURIComponent(jid)}/picture`)),
    enabled: Boolean(picture),
    placeholderData: (before: string | undefined, asked) => (asked?.queryKey[1] === jid ? before : undefined),
    staleTime: Infinity,
    gcTime: KEPT_MS,
    retry: false,
    retryOnMount: false,
    refetchOnReconnect: false,
  });

/** The picture itself, so that nothing has to be let go of: it is a few thousand bytes. */
const addressOf = (picture: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(new Error('The picture cannot be read.')));
    reader.readAsDataURL(picture);
  });
