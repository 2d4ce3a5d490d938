import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ROOT } from '../../scripts/lib/paths.ts';

const lines = (file: string): string[] => readFileSync(join(ROOT, file), 'utf8').split('\n');

it('builds and starts the image by the commands of railway.json, as somebody who is not root', () => {
  const { build, deploy } = JSON.parse(lines('railway.json').join('\n')) as {
    build: { buildCommand: string };
    deploy: { startCommand: string };
  };
  const docker = lines('Dockerfile');
  expect(docker).toContain(`RUN ${build.buildCommand}`);
  const [command = '[]'] = docker.flatMap((line) => (line.startsWith('CMD ') ? [line.slice('CMD '.length)] : []));
  expect((JSON.parse(command) as string[]).join(' ')).toBe(deploy.startCommand);
  expect(docker.indexOf('USER node')).toBeGreaterThan(docker.findLastIndex((line) => line.startsWith('RUN ')));
});

it('puts nothing into the image that git ignores', () => {
  const bare = (line: string) => line.replace(/^\*\*\//, '').replace(/^\/|\/$/g, '');
  const kept = new Set(lines('.dockerignore').map(bare));
  expect(
    lines('.gitignore')
      .map(bare)
      .filter((line) => line !== '' && !kept.has(line)),
  ).toEqual([]);
});
