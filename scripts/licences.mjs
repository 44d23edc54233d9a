// The licence texts of everything in the package: what is bundled, and the libraries beside the bundles.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';

/** @typedef {{ title: string, text: string }} Notice */

const texts = join(root, 'licences');

/** Texts of licences that packages name without bringing them. @type {Record<string, string>} */
const named = { 'Apache-2.0': 'apache-2.0.txt', ISC: 'isc.txt', MIT: 'mit.txt' };

/** @param {string} file */
const read = (file) => readFileSync(file, 'utf8').trim();

/**
 * The folders of packages, below the checkout, that files are from.
 * @param {Iterable<string>} inputs paths below the checkout
 * @returns {string[]}
 */
export function packagesOf(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /^node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/[^/]+|[^/]+)(?=\/)/.exec(input);
    if (match) folders.add(match[0]);
  }
  return [...folders].sort();
}

/** @param {string} folder of a package @returns {Notice} @throws Error where there is no text */
function packageNotice(folder) {
  /** @type {{ name: string, version: string, license?: string, author?: string | { name: string } }} */
  const { name, version, license, author } = JSON.parse(read(join(root, folder, 'package.json')));
  const title = `${name} ${version}${license === undefined ? '' : ` (${license})`}`;
  const own = readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice|third.?party)/i.test(entry.name))
    .map((entry) => read(join(root, folder, entry.name)));
  if (own.length > 0) return { title, text: own.join('\n\n') };
  if (name.startsWith('onnxruntime-')) return { title, text: read(join(onnxruntime(version), 'LICENSE')) };
  const file = named[license ?? ''];
  const holder = typeof author === 'string' ? author : author?.name;
  const text = file === undefined ? undefined : read(join(texts, file));
  if (text === undefined || (text.includes('{holder}') && holder === undefined))
    throw new Error(
      `${title} has no licence text: put it into licences/, and its place into scripts/licences.mjs.`,
    );
  return { title, text: text.replaceAll('{holder}', holder ?? '') };
}

/** @param {string} version @returns {string} the folder of its texts */
function onnxruntime(version) {
  const folder = join(texts, `onnxruntime-${version}`);
  if (existsSync(folder)) return folder;
  throw new Error(
    `There are no notices of onnxruntime ${version}: put LICENSE and ThirdPartyNotices.txt of that version into ${folder}.`,
  );
}

/** What compiled libraries contain. @param {string[]} inputs @returns {Notice[]} */
function libraryNotices(inputs) {
  const notices = [];
  const native = inputs.filter((input) => input.startsWith('node_modules/onnxruntime-node/bin/'));
  if (native.length > 0) {
    /** @type {{ version: string }} */
    const { version } = JSON.parse(read(join(root, 'node_modules', 'onnxruntime-node', 'package.json')));
    notices.push({
      title: `Third-party notices of onnxruntime ${version}`,
      text: read(join(onnxruntime(version), 'ThirdPartyNotices.txt')),
    });
  }
  const microsoft = native.filter((input) => /\/(DirectML|dxcompiler|dxil)\.dll$/i.test(input));
  if (microsoft.length > 0)
    notices.push({
      title: 'DirectML.dll, dxcompiler.dll and dxil.dll, as onnxruntime-node brings them',
      text: 'Copyright (c) Microsoft Corporation. All rights reserved. Their licence terms are those of the NuGet packages Microsoft.AI.DirectML and Microsoft.Direct3D.DXC, from which onnxruntime takes them. dxcompiler.dll is made of LLVM, whose licence stands in the notices of onnxruntime.',
    });
  if (inputs.some((input) => input.endsWith('.wasm')))
    notices.push({
      title: 'Third-party notices of tfjs-backend-wasm',
      text: read(join(texts, 'tfjs-backend-wasm.txt')),
    });
  return notices;
}

/**
 * The text of all notices.
 * @param {Iterable<string>} inputs what the package is made of: paths below the checkout, with forward slashes
 * @returns {string}
 * @throws Error that names a package without a licence text
 */
export function licences(inputs) {
  const all = [...inputs];
  return [...packagesOf(all).map(packageNotice), ...libraryNotices(all)]
    .map(({ title, text }) => `${title}\n\n${text}`)
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}
