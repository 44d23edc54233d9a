// Settings of the engine load code: a workspace that is not trusted, or only opened, must not set them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: unknown;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces?: unknown;
  };
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, { readonly scope?: string }>>;
    }[];
  };
}

const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
) as Manifest;
const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
const ofEngine = settings.filter(([name]) => name.startsWith('archlens.engine.'));

/** Settings that name what is run. */
const loadsCode = /path|command|exec|module|program|binary/i;

test('every setting of the engine is of the machine and restricted; those that load code cannot be overridden', () => {
  expect(ofEngine.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'archlens.engine.nodePath',
      'archlens.engine.cudaPath',
      'archlens.engine.choice',
    ]),
  );
  for (const [name, { scope }] of ofEngine) {
    expect(scope, name).toMatch(loadsCode.test(name) ? /^machine$/ : /^machine(-overridable)?$/);
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(name);
  }
});

test('no other setting names a program, a module or a folder to load from', () => {
  const others = settings.filter(([name]) => !name.startsWith('archlens.engine.'));
  expect(others.map(([name]) => name).filter((name) => loadsCode.test(name))).toEqual([]);
});
