import type { Article } from '../article.ts';

export default {
  title: 'Webhooks',
  lead: 'Having your own server told what happens.',
  sections: [
    {
      id: 'add',
      title: 'Add a webhook',
      body: [
        [
          'Under [Webhooks](/settings/webhooks) choose **Add a webhook**.',
          'Give a public https address of your server, and what it is told: everything, or the events that you choose.',
          'Copy the signing secret into your server. It is shown once.',
          '**Send a test** shows at once what your server answered.',
        ],
        'Owners and admins do this. There can be twenty webhooks.',
      ],
    },
    {
      id: 'receive',
      title: 'Take what is told',
      body: [
        'Answer with 2xx within ten seconds, and work afterwards. Every request is signed: check the signature with the secret before you believe it, as the sample below your webhooks does. The same event may come twice with the same `webhook-id`: leave those that you know. The [API reference](/api/docs) lists every event and its fields.',
      ],
    },
    {
      id: 'failing',
      title: 'When your server fails',
      body: [
        'What is not taken is tried again for 24 hours, in growing pauses, and then given up. After half an hour of failures there is an alert; after five days, or when the server answers 410, the webhook is switched off. What happens while it is off is not kept for it.',
      ],
    },
    {
      id: 'replay',
      title: 'See and replay what was told',
      body: [
        '[Deliveries](/settings/webhooks/deliveries) shows each event with every try and what was answered. **Replay** sends one again; **Replay these** all that the filters show, with the ids that they had.',
      ],
    },
    {
      id: 'secret',
      title: 'A new secret',
      body: [
        '**New secret** makes one when somebody else may know the old. For 24 hours requests carry the signatures of both, so that you can change it in your server without missing anything.',
      ],
    },
  ],
} as const satisfies Article;
