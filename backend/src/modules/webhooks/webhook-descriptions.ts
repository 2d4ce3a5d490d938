import { z } from 'zod';
import { bodyOf, TEST_EVENT, TestData, WEBHOOK_EVENTS } from './webhook-events.ts';

const HEADERS = {
  'webhook-id': 'The id of the event: the same on every try and when it is replayed, so leave what you know already.',
  'webhook-timestamp': 'When this request was signed, in seconds since 1970. Refuse what is older than five minutes.',
  'webhook-signature': 'One or more of `v1,<signature>`, separated by spaces; one that holds is enough.',
} as const;

const AT = new Date('2026-11-21T08:00:00.000Z');

/** What endpoints are told, as OpenAPI has it under `webhooks`: from the very table that the bodies are made by. */
export function webhookDescriptions(): Record<string, object> {
  const described = Object.entries(WEBHOOK_EVENTS).map(
    ([type, { about, data, example }]) => [type, operation(type, about, data, example)] as const,
  );
  const test = { endpoint_id: '01890a5d-ac96-774b-bcce-b302099a8057', message: 'This is a test from Wasel.' };
  return Object.fromEntries([
    ...described,
    [TEST_EVENT, operation(TEST_EVENT, 'Somebody tests the endpoint.', TestData, test)],
  ]);
}

function operation(type: string, about: string, data: z.ZodType, example: unknown): object {
  const body = z.object({ type: z.literal(type), timestamp: z.iso.datetime(), data });
  return {
    post: {
      operationId: `webhook ${type}`,
      summary: about,
      tags: ['Webhook events'],
      security: [],
      parameters: Object.entries(HEADERS).map(([name, description]) => ({
        name,
        in: 'header',
        required: true,
        description,
        schema: { type: 'string' },
      })),
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: z.toJSONSchema(body, { target: 'draft-2020-12', io: 'output', unrepresentable: 'any' }),
            example: JSON.parse(bodyOf(type, AT, example)) as unknown,
          },
        },
      },
      responses: {
        '2XX': { description: 'Taken. Anything else, or no answer within 10 seconds, is tried again for a day.' },
        '410': { description: 'Gone: the endpoint is switched off.' },
      },
    },
  };
}
