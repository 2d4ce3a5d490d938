import { z } from 'zod';
import { JobId, SessionId, TemplateId } from '../../kernel/ids.ts';
import { Phone } from '../../kernel/phone.ts';
import { DELIVERY_FIELDS, RELATED_FIELDS, TEXT_MAX, withinTime } from '../messages/send-message.dto.ts';
import { TemplateParameters } from '../templates/templates.dto.ts';

/** Most messages of one call, and of one file. */
export const BULK_MAX = 10_000;

const TO = { type: 'string', examples: ['+972501234567'] };

/** A text, or a template with its values. */
export const BulkMessage = z
  .object({
    to: Phone,
    text: z.string().min(1).max(TEXT_MAX).optional(),
    template_id: TemplateId.optional(),
    parameters: TemplateParameters.optional(),
    ...RELATED_FIELDS,
  })
  .refine(({ text, template_id: template }) => (text === undefined) !== (template === undefined), {
    path: ['text'],
    error: 'Give either a text or a template_id.',
  })
  .refine(({ template_id: template, parameters }) => template !== undefined || parameters === undefined, {
    path: ['parameters'],
    error: 'Only a template takes parameters.',
  })
  .meta({
    // The description of the API knows no refinements: one of these, and not both.
    oneOf: [
      { title: 'A text', type: 'object', required: ['to', 'text'], properties: { to: TO, text: { type: 'string' } } },
      {
        title: 'A template',
        type: 'object',
        required: ['to', 'template_id'],
        properties: { to: TO, template_id: { type: 'string', format: 'uuid' } },
      },
    ],
  });
export type BulkMessage = z.infer<typeof BulkMessage>;

/** What all have in common. */
export const BULK_FIELDS = {
  /** The number to send from; without it the organization's default number is used. */
  session_id: SessionId.optional(),
  ...DELIVERY_FIELDS,
};

export const SendBulk = withinTime(
  z.object({
    ...BULK_FIELDS,
    /** What the job is called. */
    name: z.string().trim().min(1).max(200).optional(),
    /** They leave in this order. */
    messages: z.array(BulkMessage).min(1).max(BULK_MAX),
  }),
);
export type SendBulk = z.infer<typeof SendBulk>;

/** All of it is durable, and each message will leave once or fail with a reason. */
export const BulkAccepted = z.object({
  /** To be watched at `GET /api/jobs/:id`; its messages are those of `GET /api/messages?job_id=…`. */
  job_id: JobId,
  session_id: SessionId,
  total: z.number().int(),
});
export type BulkAccepted = z.infer<typeof BulkAccepted>;
