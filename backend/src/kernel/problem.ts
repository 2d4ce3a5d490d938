import { z } from 'zod';

/** RFC 9457, as every error of the API answers (`application/problem+json`). Branch on `code`, show `detail`. */
export const Problem = z.looseObject({
  /** `/problems/<code>`, a page that explains the cure; `about:blank` for a bug of ours. */
  type: z.string(),
  code: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  /** Names this request in the logs. */
  request_id: z.string().optional(),
  /** Set when the request does not match its schema: each names a field by JSON pointer. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
