import type { Article } from '../article.ts';

export default {
  title: 'Troubleshooting',
  lead: 'What Wasel says when something is wrong, and what to do about it.',
  sections: [
    {
      id: 'qr-expired',
      title: 'The QR code expired',
      body: [
        'WhatsApp takes its codes back when nobody scans for a few minutes. Choose **Connect** for a new one, and have the phone at hand with **Linked devices** open.',
      ],
    },
    {
      id: 'pairing-failed',
      title: 'The phone did not accept the link',
      body: [
        [
          'Check that date and time of the phone are set automatically.',
          'Update WhatsApp on the phone.',
          'WhatsApp takes four linked devices: remove one that you do not need.',
          'Connect again for a new code.',
        ],
      ],
    },
    {
      id: 'passkey',
      title: 'WhatsApp asks for a passkey',
      body: [
        'WhatsApp asks some accounts for a passkey when a device is linked. Only its own programs can show it, so that no code helps. What you can do:',
        [
          'On the phone: **Settings** → **Account** → **Passkeys**; remove the passkey, then connect again.',
          'If it still asks, delete the number here and link it anew by a pairing code.',
        ],
      ],
    },
    {
      id: 'logged-out',
      title: 'Unlinked on the phone',
      body: [
        'Somebody removed Wasel from the linked devices, or the phone was away for more than two weeks. Choose **Connect** and scan a new code. Conversations are kept. What waits does not leave until the number is linked again.',
      ],
    },
    {
      id: 'replaced',
      title: 'Another program took over the connection',
      body: [
        'The same link is used by something else, such as a second installation that was restored from a copy. Stop it there, then choose **Connect** here. Wasel does not fight for it: WhatsApp would close both.',
      ],
    },
    {
      id: 'banned',
      title: 'WhatsApp closed the account',
      body: [
        'WhatsApp has banned the number. Open WhatsApp on the phone: it says why, and lets you ask for a review. Until then nothing can be sent from it here or there. Writing to many people who do not know you is the most frequent reason.',
      ],
    },
    {
      id: 'network',
      title: 'WhatsApp cannot be reached',
      body: [
        'The line to WhatsApp is down, or WhatsApp is busy. Wasel keeps trying, and messages wait. If it lasts, ask whoever runs this installation to check that the server reaches WhatsApp.',
      ],
    },
    {
      id: 'outdated',
      title: 'WhatsApp asks for a newer version',
      body: [
        'WhatsApp does not talk to this version any more. Whoever runs this installation has to update Wasel; the link is not lost.',
      ],
    },
    {
      id: 'keys-unreadable',
      title: 'The keys cannot be decrypted',
      body: [
        'The keys of the number were sealed with an encryption key that the server does not have now. Whoever runs this installation puts it back into its configuration; the link is not lost.',
      ],
    },
    {
      id: 'proxy-unreachable',
      title: 'The proxy does not answer',
      body: [
        'Nothing listens at the host and port of the proxy, or a firewall is between. Check both on the page of the number. Wasel does not go around a proxy: the number rests until it answers.',
      ],
    },
    {
      id: 'proxy-refused',
      title: 'The proxy refused',
      body: [
        'The proxy is there and does not let the number through. Check user and password, and that it allows connections to WhatsApp (`web.whatsapp.com`, port 443). Enter the address anew with its password, or remove the proxy.',
      ],
    },
    {
      id: 'disabled',
      title: 'A number is switched off or disconnected',
      body: [
        'Somebody switched it off or disconnected it; the [activity](/activity) says who. Open the number, turn on **Switched on**, and choose **Connect**. It is still linked, and what waits leaves then.',
      ],
    },
    {
      id: 'message-failed',
      title: 'A message failed',
      body: [
        'The message says why. **Not on WhatsApp**: check the number. **Limited**: WhatsApp lets new numbers begin only a few chats; wait some hours, or until the person writes first. **Slower pace**: wait a few minutes. **File refused**: send another format or a smaller file. Then choose **Send again**.',
        '**A change that failed**: when WhatsApp does not take a reaction, an edit or a deletion, the message stays as it was and says so. Choose **Try again** as long as it is offered, or **Dismiss**, which takes the notice away for everybody.',
      ],
    },
    {
      id: 'no-mail',
      title: 'The e-mail did not arrive',
      body: [
        [
          'Look into the spam folder, and search for “Wasel”.',
          'Check the address for a slip of the keyboard: to whom there is no account, nothing is sent.',
          'Wait a few minutes, then ask again. The newest link is the one that counts.',
        ],
        'Not every installation sends mails. In the sandbox they are in the [mailbox](/mailbox); an invitation can be copied as a link and sent in any way.',
      ],
    },
    {
      id: 'link-over',
      title: 'A link from a mail does not work',
      body: [
        'A link to a new password or a new address works once and for an hour. Ask for a new one: [forgotten password](/forgot-password), or the settings for an address.',
      ],
    },
    {
      id: 'invitation-over',
      title: 'An invitation expired or is for somebody else',
      body: [
        'An invitation works once, for seven days, and for the address that it was made for. Ask whoever invited you for a new one. If you are signed in with another address, sign out and open the link again.',
      ],
    },
    {
      id: 'offline',
      title: 'The page says that the connection is lost',
      body: [
        'Your browser does not reach Wasel. What you sent before is safe. The page tries again by itself and then shows what it missed. A message that could not be handed over stays in its box.',
      ],
    },
  ],
} as const satisfies Article;
