// Third-party notices: everything that is in the package has its licence text there.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, isBuilt } from '../../scripts/build.mjs';
import { licences, packagesOf } from '../../scripts/licences.mjs';
import { root } from '../../scripts/node24.mjs';

const dist = (name: string): string => readFileSync(join(root, 'dist', name), 'utf8');

let notices: ReadonlyMap<string, string>;
let inputs: readonly string[];
beforeAll(async () => {
  if (!isBuilt()) await build();
  inputs = JSON.parse(dist('inputs.json')) as string[];
  notices = new Map(
    dist('licenses.txt')
      .split(`\n\n${'-'.repeat(80)}\n\n`)
      .map((notice): [string, string] => {
        const end = notice.indexOf('\n\n');
        return [notice.slice(0, end), notice.slice(end).trim()];
      }),
  );
});

/** Words that no licence text is without. */
const grants = /permission|redistribut|licensed under|\bpermitted\b|may be used|patent/i;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

describe('dist/licenses.txt', () => {
  test('has a text for every package whose files are in the bundles', () => {
    const folders = packagesOf(inputs);
    expect(folders).toEqual(expect.arrayContaining(['node_modules/onnxruntime-node', 'node_modules/tr46']));
    expect(folders.length).toBeGreaterThan(40);
    for (const folder of folders) {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
      const { name, version, license } = manifest;
      const text = notices.get(`${name} ${version} (${String(license)})`);
      expect(text?.length, folder).toBeGreaterThan(500);
      expect(text, folder).toMatch(grants);
      expect(text, folder).not.toContain('{holder}');
    }
  });

  test('knows the folder of every package that any bundle has', () => {
    const packages = new Set(inputs.filter((input) => input.includes('node_modules/')));
    const folders = packagesOf(inputs).map((folder) => `${folder}/`);
    expect([...packages].filter((input) => !folders.some((folder) => input.startsWith(folder)))).toEqual([]);
  });

  test('has the notices of what compiled libraries contain', () => {
    const libraries = readdirSync(join(root, 'dist', 'native'));
    expect(libraries.length).toBeGreaterThan(0);
    const onnxruntime = notices.get('Third-party notices of onnxruntime 1.30.0');
    for (const name of ['Eigen', 'abseil-cpp', 'protocolbuffers/protobuf', 'Mbed TLS', 'SQLite'])
      expect(onnxruntime).toContain(name);
    const wasm = notices.get('Third-party notices of tfjs-backend-wasm');
    for (const name of ['XNNPACK', 'cpuinfo', 'pthreadpool']) expect(wasm).toContain(name);
  });

  test('names every library that comes with that of onnxruntime on Windows', () => {
    const folder = 'node_modules/onnxruntime-node/bin/napi-v6/win32/x64';
    const libraries = readdirSync(join(root, folder)).filter((name) => name.endsWith('.dll'));
    const text = licences(libraries.map((name) => `${folder}/${name}`));
    expect(libraries.length).toBeGreaterThan(1);
    for (const name of libraries.filter((each) => each !== 'onnxruntime.dll')) expect(text).toContain(name);
  });

  test('goes into the package', () => {
    expect(readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n')).toContain('!dist/licenses.txt');
  });
});

describe('the licence texts that are kept here', () => {
  test('are of the version of onnxruntime that is installed', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const kept = readdirSync(join(root, 'licences')).filter((name) => name.startsWith('onnxruntime-'));
    expect(kept).toEqual([`onnxruntime-${dependencies['onnxruntime-node']!}`]);
  });

  test('a package without any text fails the build, by its name', () => {
    const folder = mkdtempSync(join(root, 'node_modules', '.archlens-licence-'));
    try {
      const name = folder.slice(join(root, 'node_modules').length + 1);
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ name, version: '1.0.0', license: 'Secret' }),
      );
      expect(() => licences([`node_modules/${name}/index.js`])).toThrow(
        `${name} 1.0.0 (Secret) has no licence text`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
