/** What this file reads of JSON Schema, as `z.toJSONSchema` writes it. */
export type Schema = Readonly<{
  type?: string;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  examples?: readonly unknown[];
  /** What the description makes of a single one of `examples`. */
  example?: unknown;
  format?: string;
  /** Several of this format, with commas between them. */
  'x-list-of'?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  minProperties?: number;
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  allOf?: readonly Schema[];
}>;

type Parameter = Readonly<{ name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }>;

/** One operation of the description of the API. */
export type Operation = Readonly<{
  method: string;
  path: string;
  parameters: readonly Parameter[];
  body: Readonly<{ type: string; schema: Schema }> | undefined;
}>;

type Described = Readonly<{
  parameters?: readonly Parameter[];
  requestBody?: Readonly<{ content: Readonly<Record<string, Readonly<{ schema: Schema }>>> }>;
}>;

/** The operations that the application describes at `/api/openapi.json`, which has every route (describe-api.http.spec.ts). */
export async function operationsOf(url: string): Promise<Operation[]> {
  const { paths } = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Described>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const [content] = Object.entries(requestBody?.content ?? {});
      return { method, path, parameters, body: content && { type: content[0], schema: content[1].schema } };
    }),
  );
}

/** The place of an id in a request: each is filled in by whoever sends it. `name` as the API has it, in its path. */
export class IdSlot {
  constructor(
    readonly name: string,
    readonly path: string,
  ) {}
}

/** A request with places for ids; everything else in it is valid. */
export type RequestPlan = Readonly<{
  operation: Operation;
  path: Readonly<Record<string, unknown>>;
  query: Readonly<Record<string, unknown>>;
  body: unknown;
  slots: readonly IdSlot[];
}>;

/** A schema of which no valid value could be told. */
export class CannotFill extends Error {
  constructor(where: string, schema: Schema) {
    super(
      `cannot fill in ${where}: say an example in its schema, as .meta({ examples: [...] }); it is ${JSON.stringify(schema)}`,
    );
  }
}

/** Every kind of a request that an operation takes: each branch of its body, with all that is optional and with none of it. */
export function plansOf(operation: Operation): RequestPlan[] {
  const branches = operation.body ? branchesOf(operation.body.schema) : [undefined];
  const plans = branches.flatMap((branch) =>
    [true, false].map((full) => {
      const slots: IdSlot[] = [];
      const at = `${operation.method} ${operation.path}`;
      const fillAll = (place: Parameter['in']) =>
        Object.fromEntries(
          operation.parameters
            .filter(
              (parameter) => parameter.in === place && (parameter.required || full) && parameter.name !== 'cursor',
            )
            .map(({ name, schema }) => [name, fill(schema, { name, at: `${at}, ${name}`, full, slots, operation })]),
        );
      return {
        operation,
        path: fillAll('path'),
        query: fillAll('query'),
        body: branch && fill(branch, { name: '', at, full, slots, operation }),
        slots,
      };
    }),
  );
  return [...new Map(plans.map((plan) => [JSON.stringify([plan.path, plan.query, plan.body]), plan])).values()];
}

const branchesOf = (schema: Schema): readonly Schema[] => schema.oneOf ?? schema.anyOf ?? [schema];

type Filling = Readonly<{ name: string; at: string; full: boolean; slots: IdSlot[]; operation: Operation }>;

function fill(schema: Schema, filling: Filling): unknown {
  const [example = schema.example] = schema.examples ?? schema.enum ?? [];
  if (example !== undefined) return example;
  if (schema.const !== undefined) return schema.const;
  const [branch] = schema.oneOf ?? schema.anyOf ?? schema.allOf ?? [];
  if (branch) return fill(branch, filling);
  switch (schema.type ?? 'any') {
    case 'object':
      return fillObject(schema, filling);
    case 'array':
      return schema.items && (filling.full || schema.minItems) ? [fill(schema.items, filling)] : [];
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'integer':
    case 'number':
      return schema.default ?? Math.min(Math.max(schema.minimum ?? 1, 1), schema.maximum ?? 1);
    case 'string':
      return fillText(schema, filling);
    default:
      throw new CannotFill(filling.at, schema);
  }
}

/** Of what has to have something, whatever that is, the first. */
const fillObject = ({ properties = {}, required = [], minProperties = 0 }: Schema, filling: Filling) =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([name], n) => filling.full || required.includes(name) || n < minProperties - required.length)
      .map(([name, schema]) => [name, fill(schema, { ...filling, name, at: `${filling.at}, ${name}` })]),
  );

const DAY_MS = 86_400_000;

function fillText(schema: Schema, { name, at, slots, operation }: Filling): unknown {
  if (schema.format === 'uuid' || schema['x-list-of'] === 'uuid') {
    const slot = new IdSlot(name, operation.path);
    slots.push(slot);
    return slot;
  }
  if (schema.format === 'date-time') return new Date(Date.now() + DAY_MS).toISOString();
  if (schema.format === 'binary') return new Blob(['one,two\n'], { type: 'text/csv' });
  const text = 'x'.repeat(Math.max(schema.minLength ?? 1, 1));
  if (schema.format !== undefined || (schema.pattern !== undefined && !new RegExp(schema.pattern).test(text)))
    throw new CannotFill(at, schema);
  return text;
}

export type Sent = Readonly<{ status: number; headers: Headers; text: string; code: string | undefined }>;

/** Sends a plan with ids in its places. */
export async function send(
  url: string,
  { operation, path, query, body }: RequestPlan,
  ids: ReadonlyMap<IdSlot, string>,
  headers: Readonly<Record<string, string>>,
): Promise<Sent> {
  const inPlace = (value: unknown): unknown => {
    if (value instanceof IdSlot) return ids.get(value) ?? 'no-id';
    if (Array.isArray(value)) return value.map(inPlace);
    if (typeof value !== 'object' || value === null || value instanceof Blob) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inPlace(one)]));
  };
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(inPlace(path[name]))),
  );
  const search = new URLSearchParams(inPlace(query) as Record<string, string>);
  const response = await fetch(`${url}${filled}?${search.toString()}`, {
    method: operation.method.toUpperCase(),
    ...bodyOf(operation, inPlace(body), headers),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, code: codeIn(response, text) };
}

function bodyOf({ body: described }: Operation, body: unknown, headers: Readonly<Record<string, string>>): RequestInit {
  if (body === undefined) return { headers };
  if (described?.type !== 'multipart/form-data')
    return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  const form = new FormData();
  for (const [name, value] of Object.entries(body as Record<string, Blob | string>))
    if (value instanceof Blob) form.set(name, value, 'list.csv');
    else form.set(name, value);
  return { headers, body: form };
}

const codeIn = (response: Response, text: string): string | undefined =>
  response.headers.get('content-type')?.startsWith('application/problem+json')
    ? (JSON.parse(text) as { code: string }).code
    : undefined;
