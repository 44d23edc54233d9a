import { existsSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { benchEditor, editorFiles, type EditorFiles } from './editor/editor.ts';
import { families, type Family } from './random-networks.ts';
import { benchGrowth } from './growth/growth.ts';
import { benchLanguage } from './editor/language.ts';
import { benchPeer } from './peer/peer.ts';
import { benchRanking } from './scoring/ranking.ts';
import { benchLiveAgainstSettled } from './scoring/live-against-settled.ts';
import { benchReliability } from './scoring/reliability.ts';
import { writeSection } from './page.ts';
import { markdown, terminalText, type Table } from './report.ts';
import { benchScoring } from './scoring/scoring.ts';
import { benchTextGrowth } from './growth/text-growth.ts';
import { benchWorkbench } from './editor/workbench.ts';
import { benchWorkspaceRanking } from './editor/workspace-ranking.ts';

interface Options {
  readonly repetitions: number;
  readonly threads: number;
  readonly engine: 'onnx-cpu' | 'tfjs-wasm';
  readonly only?: readonly string[];
  readonly full?: true;
  readonly networks?: number;
  readonly kinds?: readonly string[];
  readonly families?: readonly Family[];
  readonly write: boolean;
}

type Section = (options: Options, root: string) => Promise<Table[]>;

const sections = {
  peer: (options, root) =>
    benchPeer({ ...options, root, small: options.full === undefined, networks: 'heaviest' }),
  'peer-networks': (options, root) =>
    options.full === undefined
      ? Promise.resolve([])
      : benchPeer({ ...options, root, small: false, networks: 'others' }),
  growth: async (options, root) => {
    const small = options.full === undefined;
    const texts = await withServer(root, ({ server }) => benchTextGrowth({ ...options, server, small }));
    return options.kinds === undefined ? [...(await benchGrowth({ ...options, small })), ...texts] : texts;
  },
  scoring: (options, root) => benchScoring({ ...options, root }),
  editor: (options, root) => withServer(root, (files) => benchEditor(files, options.repetitions)),
  language: (options, root) => withServer(root, (files) => benchLanguage(files, options.repetitions)),
  workbench: (options, root) => benchWorkbench(root, 4 * options.repetitions),
  reliability: (options, root) => {
    const networks = options.networks ?? (options.full === undefined ? 10 : 100);
    return benchReliability({ ...options, root, networks });
  },
  live: (options, root) =>
    options.full === undefined ? Promise.resolve([]) : benchLiveAgainstSettled({ ...options, root }),
  ranking: (options) => {
    const networks = options.networks ?? (options.full === undefined ? 50 : 1000);
    return benchRanking({ ...options, networks });
  },
  workspace: (options, root) =>
    withServer(root, ({ server }) => benchWorkspaceRanking(server, options.full === undefined ? 50 : 500)),
} as const satisfies Record<string, Section>;

/** Measures the bundled server; nothing where there is none. */
async function withServer(root: string, measure: (files: EditorFiles) => Promise<Table[]>): Promise<Table[]> {
  const files = editorFiles(root);
  if (!('missing' in files)) return await measure(files);
  process.stderr.write(`The language server is not measured: there is no ${files.missing}.\n`);
  return [];
}

type SectionName = keyof typeof sections;
const sectionNames = Object.keys(sections) as SectionName[];

/** `bench`: speed, memory and reliability; medians of alternating repetitions. */
async function main(): Promise<void> {
  const command = new Command('bench')
    .description('measure scoring, the editor, and both against PyTorch')
    .addOption(
      new Option('--repetitions <n>', 'times each measurement is repeated').argParser(count).default(5),
    )
    .addOption(new Option('--threads <n>', 'threads of the engine').argParser(count).default(2))
    .addOption(
      new Option('--engine <name>', 'engine to measure')
        .choices(['onnx-cpu', 'tfjs-wasm'])
        .default('onnx-cpu'),
    )
    .addOption(new Option('--only <sections...>', 'these alone').choices(sectionNames))
    .option('--full', 'every network and size; writes docs/benchmarks.md')
    .addOption(new Option('--networks <n>', 'random networks of a family or of the ranking').argParser(count))
    .option('--kinds <parts...>', 'in growth, only texts of these kinds (parts of names); writes nothing')
    .addOption(
      new Option(
        '--families <names...>',
        'in reliability, these alone, without the exact score; writes nothing',
      ).choices(families),
    )
    .option('--no-write', 'leave docs/benchmarks.md alone')
    .parse();
  const options = command.opts<Options>();
  const root = checkout();
  const title = machine();
  process.stdout.write(`${title}\n\n`);
  for (const name of sectionNames) {
    if (options.only?.includes(name) === false) continue;
    const tables = await sections[name](options, root);
    for (const table of tables) process.stdout.write(terminalText(table));
    // After each section: a long run that is stopped has not been for nothing.
    const isWhole = options.kinds === undefined && options.families === undefined;
    if (options.full === true && options.write && isWhole && tables.length > 0)
      writeSection(join(root, 'docs/benchmarks.md'), headings[name], [
        `${title}, ${new Date().toISOString().slice(0, 10)}. Again with`,
        `\`npm run bench -- --full --only ${name}\`.`,
        '',
        ...tables.map(markdown),
      ]);
  }
}

const headings: Readonly<Record<SectionName, string>> = {
  peer: 'Against PyTorch',
  'peer-networks': 'Against PyTorch, other networks',
  growth: 'Growth',
  scoring: 'Scores',
  editor: 'Language server',
  language: 'Language features',
  workbench: 'In the editor',
  reliability: 'Reliability',
  live: 'Live against settled',
  ranking: 'Ranking',
  workspace: 'Workspace',
};

function machine(): string {
  const { length, 0: first } = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB`;
  const onnx = manifest.dependencies['onnxruntime-node'];
  return `${first?.model ?? 'unknown processor'}, ${length} cores, ${memory}, ${type()} ${release()}, Node ${process.version}, Archlens ${manifest.version}, onnxruntime-node ${onnx}`;
}

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError('Use a whole number from 1 to 9999.');
  }
  return Number(text);
}

/** The folder with package.json, above the bundle or the source. */
function checkout(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

void main();
