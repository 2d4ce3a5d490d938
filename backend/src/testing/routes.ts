import { type INestApplication, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';
import { REQUIREMENT, type Requirement } from '../modules/auth/requires.decorator.ts';
import type { TestPerson } from './start-api.ts';

/** Where Nest keeps what `@SerializeOptions` was given; it exports no name of it. */
const SERIALIZER = 'class_serializer:options';

/** A handler of a controller. `path` is as OpenAPI writes it: `/api/sessions/{id}`. */
export type Route = Readonly<{
  method: string;
  path: string;
  handler: string;
  requirement: Requirement | undefined;
  /** The schema that what it answers passes through; none of a route that answers with nothing. */
  answer: unknown;
}>;

/** Calls a route with `id` wherever its path has a parameter. */
export const callRoute = (person: TestPerson, { method, path }: Route, id: string, body: unknown = {}) =>
  person.call(
    method.toUpperCase(),
    path.replace(/^\/api/, '').replaceAll(/\{\w+\}/g, id),
    method === 'get' ? undefined : body,
  );

/** The handlers of a controller that somebody is told not to use, without doing anything where he may. */
export async function refusedTo(person: TestPerson, controller: Type): Promise<string[]> {
  const refused: string[] = [];
  for (const route of routesIn(controller)) {
    const { status, body } = await callRoute(person, route, 'nothing', []);
    if (status === 403 && body['code'] === 'not_permitted') refused.push(route.handler);
  }
  return refused;
}

/** Every route that the application's controllers declare. */
export function routesOf(app: INestApplication): Route[] {
  return [...app.get(ModulesContainer).values()].flatMap(({ controllers }) =>
    [...controllers.values()].flatMap(({ metatype }) => (metatype ? routesIn(metatype as Type) : [])),
  );
}

export function routesIn(controller: Type): Route[] {
  const read = (key: string, target: object): unknown => Reflect.getMetadata(key, target);
  const prefix = String(read(PATH_METADATA, controller));
  const methods = Object.entries(Object.getOwnPropertyDescriptors(controller.prototype as object));
  return methods.flatMap(([name, { value: handler }]) => {
    const method = typeof handler === 'function' ? read(METHOD_METADATA, handler as object) : undefined;
    if (typeof method !== 'number') return [];
    const requirement = (read(REQUIREMENT, handler as object) ?? read(REQUIREMENT, controller)) as
      Requirement | undefined;
    const { schema: answer } = (read(SERIALIZER, handler as object) ?? {}) as { schema?: unknown };
    return [read(PATH_METADATA, handler as object)].flat().map((path) => ({
      method: String(RequestMethod[method]).toLowerCase(),
      path: ['/api', prefix, String(path)]
        .join('/')
        .replaceAll(/\/+/g, '/')
        .replace(/\/$/, '')
        .replaceAll(/:(\w+)/g, '{$1}'),
      handler: `${controller.name}.${name}`,
      requirement,
      answer,
    }));
  });
}
