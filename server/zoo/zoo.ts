import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mostSourceBytes } from '../../grammar/limits.ts';
import { nearestName } from '../base/nearest-name.ts';
import { readText } from '../base/read-file.ts';
import { sameUri } from '../base/uris.ts';
import { mostTableBytes, parseTable } from '../evaluation/table.ts';
import { Project } from '../language/project.ts';
import { standalone } from '../language/standalone.ts';

/** A published network that comes with the program: a row of `examples/zoo/published.csv`. */
export interface ZooNetwork {
  /** As people call it: `ResNet-50`. */
  readonly name: string;
  /** What the file that it stands in begins with: `EfficientNetV2`. */
  readonly family: string;
  readonly file: string;
  /** Its name in the file, the only one of the zoo: `ResNet50`. */
  readonly model: string;
  /** Data set and side of the images: `ImageNet 224`. */
  readonly task: string;
  readonly parameters: number;
  /** Multiply-accumulates of convolutions and linear layers, where the source counts them. */
  readonly macs?: number;
  /** Published accuracy in percent, where it is known, and who says so. */
  readonly top1?: number;
  readonly top1Source?: string;
}

/** A search space that comes with the program: a file of `examples/zoo/spaces`. */
export interface ZooSpace {
  /** As in its file: `FBNet`. */
  readonly name: string;
  readonly file: string;
  /** What its comment says, in one line. */
  readonly summary: string;
}

const folder = join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? '../..' : '..',
  'examples',
  'zoo',
);

/** The published networks and search spaces that come with the program. Reads files of the package. */
export class Zoo {
  readonly #project = new Project({ read: (uri) => readText(fileURLToPath(uri), mostSourceBytes) });
  #networks: readonly ZooNetwork[] | undefined;
  #spaces: readonly ZooSpace[] | undefined;

  /** In the order of their table, in which those of a file stand together. @throws FileError where the package has lost it */
  networks(): readonly ZooNetwork[] {
    this.#networks ??= this.#read();
    return this.#networks;
  }

  /** By the names of their files. @throws FileError where the package has lost them */
  spaces(): readonly ZooSpace[] {
    this.#spaces ??= readdirSync(join(folder, 'spaces'))
      .filter((file) => file.endsWith('.arch'))
      .sort()
      .flatMap((name) => spacesOf(`spaces/${name}`));
    return this.#spaces;
  }

  /** The network or space that is called like this, letter case and signs aside, by its name or that of its model. */
  find(name: string): ZooNetwork | ZooSpace | undefined {
    const called = plain(name);
    return (
      this.networks().find((network) => plain(network.name) === called || plain(network.model) === called) ??
      this.spaces().find((space) => plain(space.name) === called)
    );
  }

  /** The name that is nearest to one that there is not. */
  nearest(name: string): string | undefined {
    const networks = this.networks().flatMap((network) => [network.name, network.model]);
    return nearestName(name, [...networks, ...this.spaces().map((space) => space.name)]);
  }

  /** A text with this alone, and what it needs. Its first line, by which editors call what is not saved yet, is the name. */
  text(of: ZooNetwork | ZooSpace): string {
    const wanted = 'model' in of ? of.model : of.name;
    const declaration = this.#project.module(uriOf(of.file)).declarations.find(({ name }) => name === wanted);
    if (declaration === undefined) throw new RangeError(`${of.file} declares no ${wanted}.`);
    return `// ${of.name}\n\n${standalone(declaration)}`;
  }

  #read(): readonly ZooNetwork[] {
    const path = join(folder, 'published.csv');
    const { columns, rows } = parseTable(readText(path, mostTableBytes), path);
    const families = new Map<string, string>();
    return rows.map(({ cells }): ZooNetwork => {
      const cell = (column: string): string => cells[columns.indexOf(column)]!;
      const file = cell('file');
      const family = families.get(file) ?? familyOf(file);
      families.set(file, family);
      return {
        name: cell('name'),
        family,
        file,
        model: cell('model'),
        task: cell('task'),
        parameters: Number(cell('parameters')),
        ...(cell('conv_linear_macs') === '' ? {} : { macs: Number(cell('conv_linear_macs')) }),
        ...(cell('top1') === '' ? {} : { top1: Number(cell('top1')), top1Source: cell('top1_source') }),
      };
    });
  }
}

/** The first words of a file: `// EfficientNetV2 (Tan & Le, ICML 2021), …`. */
function familyOf(file: string): string {
  const text = readText(join(folder, file), mostSourceBytes);
  return /^\/\/\/? (.+?)(?: \(|[:.,])/.exec(text)?.[1] ?? file.replace(/\.arch$/, '');
}

function spacesOf(file: string): readonly ZooSpace[] {
  const text = readText(join(folder, file), mostSourceBytes);
  return Array.from(text.matchAll(/((?:^\/\/\/ .*\n)+)space (\w+)/gm), ([, comment, name]) => ({
    name: name!,
    file,
    summary: comment!
      .replaceAll(/^\/\/\/ /gm, '')
      .trimEnd()
      .replaceAll('\n', ' '),
  }));
}

function uriOf(file: string): string {
  return sameUri(pathToFileURL(join(folder, file)).href);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9α.]/g, '');
}
