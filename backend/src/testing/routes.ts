import { type INestApplication, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';
import { REQUIREMENT, type Requirement } from '../modules/auth/requires.decorator.ts';

/** A handler of a controller. `path` is as OpenAPI writes it: `/api/sessions/{id}`. */
export type Route = Readonly<{ method: string; path: string; handler: string; requirement: Requirement | undefined }>;

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
    return [read(PATH_METADATA, handler as object)].flat().map((path) => ({
      method: String(RequestMethod[method]).toLowerCase(),
      path: ['/api', prefix, String(path)]
        .join('/')
        .replaceAll(/\/+/g, '/')
        .replace(/\/$/, '')
        .replaceAll(/:(\w+)/g, '{$1}'),
      handler: `${controller.name}.${name}`,
      requirement,
    }));
  });
}
