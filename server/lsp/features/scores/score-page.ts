import type { Network } from '../../../network/network.ts';
import { mostEntropy, quantileLevels, quantileName, quantileTitle } from '../../../fisher/deciles.ts';
import { formatEstimator, formatSoftmax, normText, tensorsText } from '../../../score/settings.ts';
import { marksBeside } from '../../../score/marks.ts';
import type { Score, ScoreNorm } from '../../../score/types.ts';
import {
  formatCount,
  formatDuration,
  formatInteger,
  formatScientific,
  formatScore,
  formatShare,
  formatSingle,
  textBar,
} from '../../../base/quantities.ts';
import { failureText } from '../../../base/failure-reasons.ts';
import { lensText } from '../lenses/lens-text.ts';
import type { Standing } from '../lenses/standing.ts';
import { code, plain, table } from '../../../base/markdown.ts';
import type { ModelScore } from '../../../scoring/model-score.ts';
import type { ScoreDetails } from '../../../protocol/protocol.ts';
import { amongText } from '../../../worth/worth.ts';

const mostContributors = 12;

/** Everything known of a model's score, as a page. */
export function scoreDetails(model: ModelScore): ScoreDetails {
  const body = ((): readonly string[] => {
    switch (model.state) {
      case 'current':
      case 'refining':
      case 'quick':
        return scoreText(model.score, model.text.network);
      case 'failed':
        return [
          `**No score: ${failureText(model.failure.reason)}.** ${plain(model.failure.message)}`,
          table(['Setting', 'Value'], settingRows(model.failure.settings)),
        ];
      case 'computing':
      case 'on-demand':
        return model.last === undefined
          ? []
          : ['## The last score (stale)', ...scoreText(model.last, undefined)];
      case 'stale':
        return ['## The last score (stale)', ...scoreText(model.last, undefined)];
      case 'invalid':
        return [];
    }
  })();
  return {
    title: `${model.name} score`,
    markdown: [`# ${plain(model.name)}`, `**${plain(lensText(model).title)}**`, ...body].join('\n\n'),
  };
}

/** For the hover of a model: all that its lens and the tooltip of that say, so that it is there without a mouse. */
export function scoreSummary(model: ModelScore, standing?: Standing): string {
  const { title, tooltip } = lensText(model, standing);
  return [`**${plain(title)}**`, ...tooltip.split('\n').map(plain)].join('\n\n');
}

function scoreText(score: Score, network: Network | undefined): string[] {
  const { norm } = score.settings;
  const levels = quantileLevels(norm);
  return [
    table(
      ['Quantity', 'Value', 'Meaning'],
      [
        [
          'VKDNW',
          `**${formatScore(score.vkdnw, score.vkdnwSe)}**${marksBeside(score.marks)}`,
          `Entropy of the spectrum's ${quantileName(norm)}s: 0 to ${formatScore(mostEntropy(norm))}. Higher is better, ${amongText}.`,
        ],
        [
          'single',
          formatSingle(score.layers, score.vkdnw, score.vkdnwSe),
          'ℵ + VKDNW: the layers come first, VKDNW decides among equals.',
        ],
        ['ℵ', formatInteger(score.layers), 'Trainable layers: convolutions and dense layers.'],
        ['Parameters', formatInteger(score.params), formatCount(score.params)],
        ['MACs', formatInteger(score.macs), `${formatCount(score.macs)}, for one sample`],
      ],
    ),
    ...(score.marks ?? []).map(({ message }) => plain(message)),
    '## Where the number comes from',
    table(['Setting', 'Value'], [...settingRows(score.settings), ...engineRows(score)]),
    `## ${quantileTitle(norm)}s of the spectrum`,
    `λ at ${levels[0]} … ${levels.at(-1)} of the sorted eigenvalues, and its share t; VKDNW = −Σ t ln t.`,
    quantileTable(score.deciles, norm),
    ...(network === undefined ? [] : contributionText(score, network)),
  ];
}

function settingRows(settings: Score['settings']): string[][] {
  const { estimator, samples, indexSets, seeds, softmax, fisher, seed } = settings;
  return [
    [
      'Estimator',
      `${formatEstimator(estimator)}${estimator.kind === 'sketch' ? ` (R = ${estimator.signs})` : ''}`,
    ],
    ['Images N', formatInteger(samples)],
    ['Weights P', tensorsText(settings)],
    ['Index sets M', formatInteger(indexSets)],
    ['Seeds S', `${formatInteger(seeds)}, from ${seed}`],
    [
      'Softmax',
      `${formatSoftmax(softmax)}${softmax.kind === 'paper' ? '' : ' (a departure from the paper)'}`,
    ],
    ['Fisher formula', `${fisher}${fisher === 'paper' ? '' : ' (as the released code computes it)'}`],
    ['Norm', normText(settings)],
  ];
}

function engineRows({ engine, milliseconds, seeds, key }: Score): string[][] {
  return [
    ['Engine', `${plain(engine.name)}, ${plain(engine.version)}`],
    ['Device', `${plain(engine.device)}, ${formatInteger(engine.threads)} threads`],
    ['Time', `${formatDuration(milliseconds)}, building included`],
    ['Per seed', seeds.map(({ seed, entropy }) => `${seed}: ${formatScore(entropy)}`).join(', ')],
    // In parts, so that it can be broken into lines.
    ['Key', (key.match(/.{1,16}/g) ?? []).map(code).join(' ')],
  ];
}

function quantileTable(values: readonly number[], norm: ScoreNorm): string {
  const levels = quantileLevels(norm);
  const total = values.reduce((sum, value) => sum + value, 0);
  return table(
    [quantileTitle(norm), 'λ', 'Share t', ''],
    values.map((value, index) => {
      const share = total === 0 ? 0 : value / total;
      return [String(levels[index]!), formatScientific(value), formatShare(share), code(textBar(share, 24))];
    }),
  );
}

function contributionText({ contributions }: Score, network: Network): string[] {
  const nodes = new Map(network.nodes.map((node) => [node.path, node]));
  const first = contributions.toSorted((a, b) => b.share - a.share).slice(0, mostContributors);
  const most = first[0]?.share ?? 1;
  const rows = first.map(({ path, share, tensors }) => {
    const node = nodes.get(path);
    const calls = node?.origin.calls.map(({ label }) => label) ?? [];
    return [
      code(node?.op ?? path),
      calls.length === 0 ? '' : code(calls.join(' › ')),
      formatShare(share),
      code(textBar(share / most)),
      formatInteger(tensors),
    ];
  });
  return [
    '## Largest contributions',
    `Share of the trace of the Fisher information over an op's sampled weights; ${formatInteger(contributions.length)} ops have some.`,
    table(['Op', 'Where', 'Share', '', 'Tensors'], rows),
  ];
}
