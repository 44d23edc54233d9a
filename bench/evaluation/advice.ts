// What Improve and Try Alternatives advise on ten networks: how many changes VKDNW prefers beyond noise, how many of them the second
// opinion refuses, what is taken, and what scores say of it that had no part in that. Arguments: a journal, which is gone on with, and
// the most steps. A table in Markdown goes to standard output, and the exit code is 1 where fewer than two other scores agree to advice.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { createEngineClient } from '../../server/engine/process/supervisor.ts';
import { proxyNamed } from '../../server/proxies/index.ts';
import { proxyKind } from '../../server/proxies/proxy-kind.ts';
import { ProxyScorer } from '../../server/proxies/proxy-scorer.ts';
import { Scorer } from '../../server/score/scorer.ts';
import { namedSettings } from '../../server/score/settings.ts';
import { applied } from '../../grammar/format/format.ts';
import { defaultMoveKinds, offeredAt } from '../../server/search/moves/kinds.ts';
import { movesAt } from '../../server/search/moves/moves.ts';
import { SecondOpinions, type MeasuresProxies, type Opinion } from '../../server/search/second-opinion.ts';
import { improve } from '../../server/search/strategies/improve.ts';
import { Workbench } from '../../server/search/variants.ts';
import {
  Comparison,
  compareVariants,
  standingOf,
  whatIfSettings,
  type ScoresNetworks,
  type Standing,
  type Verdict,
} from '../../server/search/what-if.ts';
import { differenceText, opinionText, refusalText } from '../../server/search/wording.ts';
import { openStore } from '../../server/store/store.ts';
import { advisedNetworks, type AdvisedNetwork } from './advised-networks.ts';

const [journal = 'advice-journal.jsonl', steps = '1'] = process.argv.slice(2);

/** Parameters and MACs that a step may reach, by those of the network. */
const room = 1.25;

/** Scores that have no part in accepting a step. */
const judges = ['trainability', 'zico', 'naswot', 'macs'];

/** Less than anybody would use, so that noise has its chance. */
const settings = whatIfSettings({ ...namedSettings.live, samples: 32, indexSets: 4 });

interface Said {
  readonly title: string;
  readonly difference: string;
  readonly opinion: Pick<Opinion, 'better' | 'worse'>;
  readonly judged: string;
}

interface Row {
  readonly file: string;
  readonly model: string;
  readonly tried: number;
  readonly steps: readonly Said[];
  /** Reasons of those that VKDNW preferred, by title. */
  readonly refused: readonly string[];
  readonly alternatives: Readonly<Record<Standing, readonly string[]>>;
  /** Advice that less than two other scores agree to; empty is what must hold. */
  readonly alone: readonly string[];
  readonly seconds: number;
}

const examples = join(import.meta.dirname, '../../examples');
const engine = createEngineClient({
  choice: 'onnx-cpu',
  modulePath: join(import.meta.dirname, '../../server/engine/process/main.ts'),
  threads: 1,
});
const scorer = new Scorer(engine);
const others = new ProxyScorer({ scorer, engine }, openStore(proxyKind));
const measurer: ScoresNetworks & MeasuresProxies = {
  score: (network, of, options) => scorer.score(network, of, options),
  proxies: (network, names, of, { signal = new AbortController().signal } = {}) =>
    others.measure(network, names.map(proxyNamed), { settings: of, signal }),
};

const known = new Map(readJournal().map((row) => [`${row.file} ${row.model}`, row]));
const rows: Row[] = [];
try {
  for (const network of advisedNetworks) {
    const { file, model } = network;
    const row = known.get(`${file} ${model}`) ?? (await advise(network));
    if (!known.has(`${file} ${model}`)) appendFileSync(journal, `${JSON.stringify(row)}\n`);
    rows.push(row);
  }
} finally {
  await engine.dispose();
}
report();
if (rows.some(({ alone }) => alone.length > 0)) process.exitCode = 1;

function readJournal(): Row[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
}

async function advise({ file, model: name, place: at, kinds }: AdvisedNetwork): Promise<Row> {
  const started = performance.now();
  const path = join(examples, file);
  const uri = pathToFileURL(path).href;
  const text = readFileSync(path, 'utf8');
  const open = (): Workbench => new Workbench(uri, text, (other) => readFileSync(new URL(other), 'utf8'));
  const place = { uri, name };
  const workbench = open();
  const base = workbench.sized(place);
  if (base === undefined) throw new Error(`${file} has no model ${name} without errors.`);
  let tried = 0;
  const budget = { maxParams: room * base.totals.params, maxMacs: room * base.totals.macs };
  const improvement = await improve(workbench, place, measurer, {
    budget,
    steps: Number(steps),
    settings,
    kinds,
    onTried: (_, total) => {
      tried = total;
      process.stderr.write(`\r${name}: ${_} of ${total}   `);
    },
  });
  const alternatives: Record<Standing, string[]> = {
    better: [],
    unasked: [],
    unconfirmed: [],
    'within noise': [],
    worse: [],
    failed: [],
  };
  const comparison = new Comparison(measurer, settings, base);
  const bench = open();
  const found = movesAt(bench.module, text.indexOf(at))?.moves ?? [];
  if (found.length === 0) throw new Error(`${file} has no op at '${at}'.`);
  const { variants } = await bench.variants(place, offeredAt(found, defaultMoveKinds));
  const verdicts = await compareVariants(comparison, new SecondOpinions(measurer, settings, base), variants, {
    onVerdict: () => undefined,
  });
  for (const [index, verdict] of verdicts.entries())
    alternatives[standingOf(verdict)].push(titled(variants[index]!.move.title, verdict));
  const said: Said[] = [];
  const walked = open();
  for (const step of improvement?.steps ?? []) {
    const before = walked.sized(place)!;
    walked.edit(applied(walked.text, step.move.changes));
    const judged = await new SecondOpinions(measurer, settings, before, judges).of(walked.sized(place)!);
    const { better, worse } = step.verdict.opinion!;
    said.push({
      title: step.move.title,
      difference: differenceText(step.verdict.difference),
      opinion: { better, worse },
      judged: opinionText(judged),
    });
  }
  const betterAlone = verdicts.flatMap((verdict, index) =>
    standingOf(verdict) === 'better' && verdict.state === 'scored' && verdict.opinion!.better < 2
      ? [variants[index]!.move.title]
      : [],
  );
  return {
    file,
    model: name,
    tried,
    steps: said,
    refused: (improvement?.refused ?? []).map(({ move, verdict }) => titled(move.title, verdict)),
    alternatives,
    alone: [...said.filter(({ opinion }) => opinion.better < 2).map(({ title }) => title), ...betterAlone],
    seconds: Math.round((performance.now() - started) / 1000),
  };
}

/** `relu → tanh (only VKDNW likes it)` */
function titled(title: string, verdict: Verdict): string {
  if (verdict.state === 'failed') return `${title} (${verdict.reason})`;
  const { opinion } = verdict;
  const standing = standingOf(verdict);
  return standing === 'unconfirmed' && opinion !== undefined
    ? `${title} (${refusalText(opinion)})`
    : standing === 'within noise'
      ? `${title} (within noise)`
      : title;
}

function report(): void {
  const cell = (texts: readonly string[]): string =>
    texts.length === 0 ? '–' : texts.map((text) => text.replaceAll('|', '\\|')).join('; ');
  const lines = rows.map(({ model, tried, steps: taken, refused, alternatives }) =>
    [
      model,
      String(tried),
      cell(refused),
      cell(
        taken.map(
          ({ title, difference, opinion, judged }) =>
            `${title} ${difference}, ${opinion.better} : ${opinion.worse}, judges ${judged}`,
        ),
      ),
      cell(alternatives.unconfirmed),
      cell(alternatives.better),
    ].join(' | '),
  );
  const titles =
    '| network | changes | preferred by VKDNW, not taken | taken | alternatives refused | alternatives better |';
  process.stdout.write(
    `${titles}\n|---|---|---|---|---|---|\n${lines.map((line) => `| ${line} |`).join('\n')}\n`,
  );
}
