// What is killed: each session comes to a result, which is compared with the undisturbed one.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kill } from './killer.ts';
import { edit } from './language-server.ts';
import { runKilled, type Programs, type Run } from './programs.ts';
import type { Random } from '../support/random.ts';
import { withoutTimes } from './times.ts';

/** What a session came to. */
export interface Outcome {
  /** The scores, to the last bit. */
  readonly result: string;
  readonly kills: readonly Kill[];
}

export interface Session {
  readonly name: string;
  /**
   * @param most kills; 0: undisturbed
   * @throws Error with what was wrong
   */
  run(programs: Programs, most: number, random: Random): Promise<Outcome>;
}

const quick = ['--setting', 'live', '--index-sets', '4', '--engine', 'onnx-cpu', '--threads', '1'];
/** So often a session starts again after its first process was ended; the last time nobody is killed. */
const mostStarts = 30;

/** @param models of the text */
function textOf(models: readonly string[]): string {
  return models
    .map((name, index) => {
      const activation = ['relu', 'gelu', 'tanh'][index % 3];
      return `model ${name} {
  input ${4 + (index % 7)}x5x3
  classes ${3 + (index % 6)}
  repeat ${1 + (index % 4)} { conv(${2 + (index % 5)}, 3x3) -> bn -> ${activation} }
  gap -> dense(classes)
}
`;
    })
    .join('\n');
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `M${index}`);
const ranked = names(120);
const edited = names(6);

/** Networks of NAS-Bench-201, of which every tenth edge or so is another op. */
const table = [
  'genotype,accuracy',
  ...Array.from({ length: 6 }, (_, index) => {
    const op = (edge: number): string =>
      ['nor_conv_1x1', 'skip_connect', 'avg_pool_3x3', 'nor_conv_3x3'][
        (index + edge * (1 + (index >> 2))) % 4
      ]!;
    return `|${op(0)}~0|+|${op(1)}~0|${op(2)}~1|+|${op(3)}~0|${op(4)}~1|${op(5)}~2|,${80 + index}`;
  }),
  '',
].join('\n');

/** A folder of its own for each session, with a store in it. */
async function inFolder<T>(run: (folder: string, env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'archlens-kills-'));
  try {
    writeFileSync(join(folder, 'models.arch'), textOf(ranked));
    writeFileSync(join(folder, 'table.csv'), table);
    return await run(folder, { ARCHLENS_STORE: join(folder, 'store') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function requireSuccess({ code, signal, stderr }: Run): void {
  if (code !== 0) throw new Error(`ended with ${String(code ?? signal)}: ${stderr.slice(0, 2000)}`);
}

/** Ends that a kill explains; everything else is a finding. */
function wasEnded({ code, signal, stderr, kills }: Run): boolean {
  const isHit = kills.some(({ signal: sent }) => sent === 'KILL' || sent === 'TERM');
  const isEnd = signal === 'SIGKILL' || signal === 'SIGTERM' || code === 143;
  if (code === 0) return false;
  if (isEnd && isHit) return true;
  throw new Error(`ended with ${String(code ?? signal)}: ${stderr.slice(0, 2000)}`);
}

/** The same command until it has come to its end. */
async function untilDone(
  programs: Programs,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  most: number,
  random: Random,
): Promise<{ readonly last: Run; readonly kills: readonly Kill[] }> {
  const kills: Kill[] = [];
  for (let starts = 1; ; starts++) {
    const left = starts < mostStarts ? most - kills.length : 0;
    const run = await runKilled(programs, args, env, { most: left, withFirst: true, random });
    kills.push(...run.kills);
    if (!wasEnded(run)) return { last: run, kills };
  }
}

const rankEngines: Session = {
  name: 'rank, its engines killed',
  run: (programs, most, random) =>
    inFolder(async (folder, env) => {
      const args = ['rank', join(folder, 'models.arch'), ...quick, '--json', '--no-store'];
      const run = await runKilled(programs, args, env, { most, withFirst: false, random });
      requireSuccess(run);
      return { result: withoutPaths(folder, withoutTimes(run.stdout)), kills: run.kills };
    }),
};

const rankAll: Session = {
  name: 'rank with a store, the command killed too',
  run: (programs, most, random) =>
    inFolder(async (folder, env) => {
      const args = ['rank', join(folder, 'models.arch'), ...quick, '--json'];
      const { last, kills } = await untilDone(programs, args, env, most, random);
      const result = withoutPaths(folder, withoutTimes(last.stdout));
      // What is stored now is what was computed.
      const again = await runKilled(programs, args, env, { most: 0, withFirst: false, random });
      requireSuccess(again);
      if (withoutPaths(folder, withoutTimes(again.stdout)) !== result)
        throw new Error('what is stored differs from what was printed');
      return { result, kills };
    }),
};

const evaluate: Session = {
  name: 'evaluate with a journal, the command killed too',
  run: (programs, most, random) =>
    inFolder(async (folder, env) => {
      const values = join(folder, 'values.csv');
      const journal = join(folder, 'journal');
      const args = [
        ...['evaluate', '--benchmark', join(folder, 'table.csv'), '--target', 'accuracy', ...quick],
        ...['--proxies', 'vkdnw_single', 'naswot', 'macs', '--resamples', '0', '--processes', '1'],
        ...['--journal', journal, '--values', values],
      ];
      const { last, kills } = await untilDone(programs, args, env, most, random);
      if (last.stdout.includes('broken lines')) throw new Error('the journal has broken lines');
      if (!existsSync(values)) throw new Error('no values were written');
      return { result: readFileSync(values, 'utf8'), kills };
    }),
};

const probes: Session = {
  name: 'engines, all that are tried killed',
  run: async (programs, most, random) => {
    const run = await runKilled(programs, ['engines', '--json'], {}, { most, withFirst: false, random });
    requireSuccess(run);
    // Speeds differ; which engines work does not.
    const reports = JSON.parse(run.stdout) as readonly { readonly name: string; readonly state: string }[];
    const works = reports
      .filter(({ state }) => state === 'in-use' || state === 'ready')
      .map(({ name }) => name);
    return { result: works.join(', '), kills: run.kills };
  },
};

const editor: Session = {
  name: 'language server, killed with its engine and its editor',
  run: (programs, most, random) =>
    inFolder(async (_, env) => {
      const kills: Kill[] = [];
      for (let starts = 1; ; starts++) {
        const left = starts < mostStarts ? most - kills.length : 0;
        const { pictures, kills: sent } = await edit(programs, textOf(edited), edited, env, {
          most: left,
          withServer: true,
          editorDies: most > 0 && random.share() < 0.3,
          random,
        });
        kills.push(...sent);
        if (pictures !== undefined) return { result: pictures.join('\n'), kills };
        if (left === 0) throw new Error('the server ended by itself');
      }
    }),
};

export const sessions: readonly Session[] = [rankEngines, rankAll, evaluate, editor, probes];

function withoutPaths(folder: string, text: string): string {
  return text.replaceAll(folder, '');
}
