import fc from 'fast-check';
import type { Operation, Schema } from './api-requests.ts';

/** Values that programs trip over: of any type, too large, too deep, and texts that are no good text. */
const nasty = fc.constantFrom<unknown>(
  null,
  true,
  [],
  {},
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfff',
  '\u202e\u0000',
  '%00',
  '%ff',
  '../../../etc/passwd',
  "'; drop table messages; --",
  '${7*7}',
  '{{constructor.constructor("return process")()}}',
  'NaN',
  'Infinity',
  '-1',
  '1e309',
  '0x10',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '{01890a5d-ac96-774b-bcce-b302099a8057}',
  '9999-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00Z',
  '2024-02-30T00:00:00Z',
  0,
  -1,
  -0,
  0.1,
  1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  'x'.repeat(10_000),
  '𝟘'.repeat(500),
  'ﷺ'.repeat(200),
  ['__proto__'],
  JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": {}}, "toString": 1}'),
  deep('[', 200, ']'),
  deep('{"a":', 200, '1', '}'),
);

function deep(open: string, levels: number, middle: string, close = middle): unknown {
  const inner = close === middle ? '' : middle;
  return JSON.parse(open.repeat(levels) + inner + close.repeat(levels)) as unknown;
}

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const anything = fc.oneof(nasty, fc.jsonValue({ maxDepth: 4 }), anyText);

/** What somebody could send for a schema: mostly as described, at its edges, and now and then something else altogether. */
export function valueOf(schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: likely(schema, ids) }, { weight: 1, arbitrary: anything });
}

function likely(schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const examples = schema.examples ?? (schema.example === undefined ? undefined : [schema.example]) ?? schema.enum;
  if (examples) return fc.constantFrom(...examples);
  if (schema.const !== undefined) return fc.constant(schema.const);
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches) return fc.oneof(...branches.map((branch) => likely(branch, ids)));
  switch (schema.type ?? 'any') {
    case 'object':
      return objectOf(schema, ids);
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, ids), { maxLength: 4 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: 1, max: 100 }), fc.maxSafeInteger(), fc.double());
    case 'string':
      return textOf(schema, ids);
    default:
      return anything;
  }
}

const objectOf = ({ properties = {}, required = [] }: Schema, ids: readonly string[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.record(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, ids)])), {
        requiredKeys: [...required],
      }),
      fc.oneof(
        { weight: 9, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(anyText, nasty, { maxKeys: 3 }) },
      ),
    )
    .map(([described, more]) => ({ ...more, ...described }));

function textOf({ format, minLength = 0, maxLength }: Schema, ids: readonly string[]): fc.Arbitrary<string> {
  if (format === 'uuid')
    return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: fc.uuid() });
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const most = Math.min(maxLength ?? 50, 300);
  return fc.string({
    unit: fc.constantFrom('grapheme', 'binary').chain((unit) => fc.string({ unit, minLength: 1, maxLength: 1 })),
    minLength,
    maxLength: most,
  });
}

/** A request as it goes over the wire. `body` is JSON text, or what is none. */
export type HostileRequest = Readonly<{
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}>;

const headerText = fc.string({
  unit: fc
    .integer({ min: 0x21, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 100,
});

/** Headers that mean something to somebody on the way. */
const oddHeaders = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom(
        'accept',
        'accept-language',
        'content-type',
        'cookie',
        'idempotency-key',
        'if-none-match',
        'origin',
        'range',
        'referer',
        'x-forwarded-for',
        'x-forwarded-host',
        'x-forwarded-proto',
        'x-http-method-override',
        'x-org-id',
        'x-request-id',
      ),
      fc.oneof(
        headerText,
        fc.constantFrom('application/x-www-form-urlencoded', 'multipart/form-data', 'bytes=9-1', '*', 'null', '::1'),
      ),
      { maxKeys: 3 },
    ),
  },
);

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Every lone half of a character goes by its three bytes, which `encodeURIComponent` refuses to write. */
const escaped = (text: string): string =>
  Array.from(text, (c) => (/^[\ud800-\udfff]$/.test(c) ? '%ED%A0%80' : encodeURIComponent(c))).join('');

const broken = fc.constantFrom(
  '',
  '{',
  '{"a":',
  '[1,',
  'null',
  '"text"',
  '1',
  '\0',
  '{"a":"\\ud800"}',
  '['.repeat(50_000),
  '1'.repeat(1000),
);

/** Requests to one operation. */
export function requestsTo(
  { method, path, parameters, body }: Operation,
  ids: readonly string[],
): fc.Arbitrary<HostileRequest> {
  const valuesIn = (place: string, optional: boolean) => {
    const inPlace = parameters.filter((parameter) => parameter.in === place);
    return fc.record(
      Object.fromEntries(inPlace.map(({ name, schema }) => [name, valueOf(schema, ids).map(asText)])),
      optional ? { requiredKeys: [] } : {},
    ) as fc.Arbitrary<Record<string, string>>;
  };
  const content = body
    ? fc.oneof(
        { weight: 12, arbitrary: valueOf(body.schema, ids).map((value) => JSON.stringify(value) ?? '') },
        { weight: 1, arbitrary: broken },
      )
    : fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: broken });
  return fc
    .record({ inPath: valuesIn('path', false), query: valuesIn('query', true), headers: oddHeaders, content })
    .map(({ inPath, query, headers, content: text }) => {
      const filled = path.replaceAll(
        /\{(\w+)\}/g,
        (_, name: string) => escaped((inPath[name] ?? '').slice(0, 2000)) || '-',
      );
      const search = Object.entries(query)
        .map(([name, value]) => `${name}=${escaped(value.slice(0, 2000))}`)
        .join('&');
      const type: Record<string, string> =
        text === undefined || method === 'get' ? {} : { 'content-type': 'application/json' };
      return {
        method: method.toUpperCase(),
        path: search ? `${filled}?${search}` : filled,
        headers: { ...type, ...headers },
        body: method === 'get' ? undefined : text,
      };
    });
}
