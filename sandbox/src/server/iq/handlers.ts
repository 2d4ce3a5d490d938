/** Which namespace is answered where. */
import { appState } from './app-state.ts';
import { encrypt } from './encrypt.ts';
import { groups } from './groups.ts';
import type { IqHandler } from './iq.ts';
import { multiDevice } from './multi-device.ts';
import { profilePicture } from './picture.ts';
import { blocklist, disappearingMode, privacy, status } from './settings.ts';
import { bots, businessProfile, graphQl, mediaConnection, noted, passive, ping, properties } from './small-talk.ts';
import { usync } from './usync.ts';

export const iqHandlers: Readonly<Record<string, IqHandler | undefined>> = {
  abt: properties,
  blocklist,
  bot: bots,
  disappearing_mode: disappearingMode,
  encrypt,
  md: multiDevice,
  passive,
  privacy,
  status,
  tos: noted,
  'urn:xmpp:whatsapp:dirty': noted,
  'urn:xmpp:whatsapp:push': noted,
  usync,
  'w:biz': businessProfile,
  'w:g2': groups,
  'w:m': mediaConnection,
  'w:mex': graphQl,
  'w:p': ping,
  'w:profile:picture': profilePicture,
  'w:stats': noted,
  'w:sync:app:state': appState,
};
