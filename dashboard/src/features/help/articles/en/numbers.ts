import type { Article } from '../article.ts';

export default {
  title: 'Numbers',
  lead: 'Linking a WhatsApp number, what its state means, and its settings.',
  sections: [
    {
      id: 'qr',
      title: 'Link by QR code',
      body: [
        [
          'Open [Numbers](/numbers), choose **Link a number**, and give it a name that your team knows.',
          'On the phone: WhatsApp → **Settings** → **Linked devices** → **Link a device**.',
          'Point the phone at the code.',
        ],
        'WhatsApp replaces the code every few moments; the page counts down and shows the next one by itself.',
      ],
    },
    {
      id: 'pairing-code',
      title: 'Link by code, without a camera',
      body: [
        'Give the phone number with its country code when you link the number. Instead of a picture you get eight characters. On the phone choose **Link a device**, then **Link with phone number instead**, and type them.',
      ],
    },
    {
      id: 'states',
      title: 'What the states mean',
      body: [
        '**Connected**: messages come and go. **Connecting**: it is on its way; nothing to do. **Waiting for a scan**: a code is on the screen. **Disconnected**: it rests, and the line below says why. **Needs attention**: it could not come back five times in a row, or somebody has to act; the line below says what to do.',
        'After a lost connection Wasel tries again by itself, at first after a second, then every half a minute. The page of a number shows when WhatsApp was last heard. A line that is open but silent is found out and connected anew within a minute or so.',
      ],
    },
    {
      id: 'calls',
      title: 'Reject calls',
      body: [
        'Wasel cannot take calls. With **Reject calls**, whoever calls is hung up on and can get a written answer, at most one an hour.',
      ],
    },
    {
      id: 'quiet-hours',
      title: 'Quiet hours',
      body: [
        'Between these times of day nothing is sent. Messages wait, say until when, and leave in order when the hours are over. What others write to you arrives as always.',
        '**By whose clock** decides whose night it is: that of the number, and everything waits; or that of each person, by the country of his phone number, and only what would wake somebody waits.',
      ],
    },
    {
      id: 'proxy',
      title: 'Proxy',
      body: [
        'A number can go through a proxy of yours: `socks5://user:password@host:1080`, or with `http://` or `https://`. It then goes through it or not at all. The password is encrypted and never shown again.',
      ],
    },
    {
      id: 'read-receipts',
      title: 'Read receipts, pace and presence',
      body: [
        '**Tell people that their messages were read** decides whether blue ticks are sent for what is read here; the phone of the number shows it as read all the same. **Show as online** lets others see that somebody is there, and keeps the phone quiet. **Import earlier messages when linking** brings along what was said before. **Messages a minute** slows a number down: one that is new should begin slowly. A colour tells it from the others in the lists.',
      ],
    },
    {
      id: 'new-chats',
      title: 'New chats a day',
      body: [
        'WhatsApp restricts numbers that write to many people who have never written to them, the sooner the newer the number is. So a number begins at most 10 new chats a day in its first three days, 20 in its first week, 30 in its second, 40 in its first month, and 50 afterwards, or what you set. What is beyond waits for tomorrow; answers are not counted and go on.',
        'When WhatsApp itself says that a number may begin no chats for now, its page says until when. New chats wait for that time by themselves; a message that was refused fails, and is not tried again by itself, because each try makes it worse.',
      ],
    },
    {
      id: 'unlink',
      title: 'Disconnect, switch off, unlink, delete',
      body: [
        '**Disconnect** rests the number until you connect it; it stays linked. **Switched on**, turned off, does the same until somebody turns it on. **Unlink** removes Wasel from the phone: a new code is needed afterwards. **Delete** removes the number from Wasel; its conversations are kept, but cannot be answered.',
      ],
    },
  ],
} as const satisfies Article;
