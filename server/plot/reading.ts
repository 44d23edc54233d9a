import { sum } from 'd3-array';
import { quantileName } from '../fisher/deciles.ts';
import type { Series } from './figure.ts';
import { formatDifference, formatScientific, formatScore, formatShare } from '../base/quantities.ts';
import { comparable, normalised, type Picture, type PictureOp, type PictureOrigin } from './picture.ts';

/** A sentence that says what a picture shows. */
export interface Remark {
  /** Which rule made it. */
  readonly rule:
    'trace' | 'spectrum' | 'explosion' | 'silent' | 'starved' | 'logits' | 'uncertainty' | 'comparison';
  /** `caution`: something a designer may want to change, or not to rely on. */
  readonly tone: 'plain' | 'caution';
  readonly text: string;
  /** Paths of the ops it is about. */
  readonly ops: readonly string[];
}

/** What there is to see, in plain words and in the order of importance. Every sentence follows from the numbers. */
export function readingOf(series: readonly Series[]): Remark[] {
  const [first, ...others] = series;
  if (first === undefined) {
    return [];
  }
  const { picture } = first;
  // Contributions of an earlier text need not hold of this one.
  const current = picture.contributions.earlier !== true;
  return [
    ...explosionRemarks(picture),
    ...(current ? traceRemarks(picture) : []),
    ...spectrumRemarks(picture),
    ...(current ? [...silentRemarks(picture), ...starvedRemarks(picture), ...logitRemarks(picture)] : []),
    ...uncertaintyRemarks(picture),
    ...others.map((other) => comparisonRemark(first, other)),
  ];
}

function explosionRemarks({ marks = [] }: Picture): Remark[] {
  return marks
    .filter(({ kind }) => kind === 'exploding')
    .map(({ message }) => remark('explosion', 'caution', message, []));
}

/** A place holds most of the information when it has this share of the trace. */
const most = 0.5;

function traceRemarks({ contributions: { ops, over } }: Picture): Remark[] {
  const weighted = ops.filter(({ tensors }) => tensors > 0);
  const total = sum(weighted, ({ share }) => share.value);
  const last = weighted.at(-1);
  if (last === undefined || weighted.length < 3 || total === 0) {
    return [];
  }
  const scope = over === 'scored' ? ' (over the tensors the score reads)' : '';
  // Where only the scored tensors were sampled, the last of their ops need not be the last of the network.
  if (over === 'all' && last.share.value >= most) {
    return [
      remark(
        'trace',
        'caution',
        `${formatShare(last.share.value)} of the information sits in the classifier (${last.label}): earlier layers are hard to estimate.`,
        [last],
      ),
    ];
  }
  const thirds = [0, 1, 2].map((third) =>
    weighted.slice(
      Math.floor((third * weighted.length) / 3),
      Math.floor(((third + 1) * weighted.length) / 3),
    ),
  );
  const shares = thirds.map((third) => sum(third, ({ share }) => share.value));
  const largest = shares.indexOf(Math.max(...shares));
  if (shares[largest]! >= most) {
    const where = ['first', 'middle', 'last'][largest]!;
    return [
      remark(
        'trace',
        'plain',
        `${formatShare(shares[largest]!)} of the information sits in the ${where} third of the depth${scope}.`,
        thirds[largest]!,
      ),
    ];
  }
  const list = shares.map(formatShare);
  return [
    remark(
      'trace',
      'plain',
      `The information is spread along the depth: ${list[0]!}, ${list[1]!} and ${list[2]!} in the first, middle and last third${scope}.`,
      [],
    ),
  ];
}

/**
 * Share of the ninth decile in the nine, from the tenth to the ninetieth percentile of 24 random NAS-Bench-201 networks
 * (those whose input reaches the output; 32x32x3, 10 classes), with the settings of `isUsual`.
 */
const usual = { least: 0.81, most: 0.94 };

/** Whether the shape of a spectrum may be held against `usual`: the sample was made with these settings. */
function isUsual(
  { estimator, samples, indexSets, softmax, fisher, norm, tensors }: PictureOrigin['settings'],
  weights: number,
): boolean {
  const sketch = estimator.kind === 'sketch' && estimator.signs === 1;
  return (
    sketch &&
    samples === 64 &&
    indexSets === 16 &&
    weights === 128 &&
    softmax.kind === 'paper' &&
    fisher === 'paper' &&
    norm === 'eval' &&
    tensors === 'first'
  );
}

function shapeText(ninth: number, held: boolean): string {
  if (!held) {
    return `The ninth decile holds ${formatShare(ninth)} of the nine (11 % would be even)`;
  }
  const shape =
    ninth < usual.least ? 'flatter than' : ninth > usual.most ? 'steeper than' : 'about as steep as';
  return `The spectrum is ${shape} usual: the ninth decile holds ${formatShare(ninth)} of the nine (${formatShare(usual.least)} to ${formatShare(usual.most)} in most networks of NAS-Bench-201)`;
}

/** Of quantiles with both ends, the last of which is the largest eigenvalue. */
function endsText(shares: readonly number[]): string {
  return `The largest eigenvalue holds ${formatShare(shares.at(-1) ?? 0)} of the ${shares.length} quantiles (${formatShare(1 / shares.length)} would be even)`;
}

function spectrumRemarks({ eigenvalues, deciles, vkdnw, origin, marks = [] }: Picture): Remark[] {
  const total = sum(eigenvalues);
  const zeros = eigenvalues.filter((value) => value === 0).length;
  let carried = 0;
  let needed = 0;
  for (const value of eigenvalues.toReversed()) {
    if (carried >= 0.9 * total) break;
    carried += value;
    needed += 1;
  }
  const shares = normalised(deciles);
  const name = quantileName(origin.settings.norm);
  const shape =
    name === 'decile'
      ? shapeText(shares[8] ?? 0, isUsual(origin.settings, eigenvalues.length))
      : endsText(shares);
  const carriers =
    needed === 1 ? 'one eigenvalue carries' : `${needed} of ${eigenvalues.length} eigenvalues carry`;
  const remarks = [
    remark(
      'spectrum',
      'plain',
      `${shape}, and ${carriers} 90 % of the trace. The score is as even as ${Math.exp(vkdnw.value).toFixed(1)} equal ${name}s.`,
      [],
    ),
  ];
  if (zeros > 0) {
    const reach = directions(origin.settings);
    const why =
      zeros === eigenvalues.length - reach
        ? `${origin.settings.samples} images with ${reach === origin.settings.samples ? 'one sign vector' : 'their sign vectors'} each reach ${reach} directions`
        : marks.some(({ kind }) => kind === 'exploding')
          ? `beside the largest, ${formatScientific(eigenvalues.at(-1) ?? 0)}, derivatives in float32 do not tell them from 0`
          : 'nothing measurable passes through the weights in these directions';
    remarks.push(
      remark('spectrum', 'plain', `${zeros} of ${eigenvalues.length} eigenvalues are zero: ${why}.`, []),
    );
  }
  return remarks;
}

function silentRemarks({ contributions: { ops } }: Picture): Remark[] {
  const silent = ops.filter((op) => op.silent !== undefined);
  if (silent.length === 0) {
    return [];
  }
  const who = silent.length === 1 ? `${silent[0]!.label}.` : `${silent.length} ops: ${listed(silent)}.`;
  return [remark('silent', 'caution', `No signal passes through ${who}`, silent)];
}

/** Most non-zero eigenvalues that a sketch can have: one for each image and sign vector. */
function directions({ estimator, samples }: PictureOrigin['settings']): number {
  return estimator.kind === 'exact' ? Infinity : samples * estimator.signs;
}

/** Below this part of an equal share an op counts as starved. */
const starved = 1 / 50;

function starvedRemarks({ contributions: { ops, over } }: Picture): Remark[] {
  const weighted = ops.filter(({ tensors, silent }) => tensors > 0 && silent === undefined);
  const limit = starved / Math.max(weighted.length, 1);
  // Starved even if its share is two standard errors larger.
  const found = weighted.filter(({ share }) => share.value + 2 * (share.se ?? 0) < limit);
  if (over === 'scored' || found.length === 0 || found.length === weighted.length) {
    return [];
  }
  const who =
    found.length === 1
      ? `${found[0]!.label} is`
      : `${found.length} of ${weighted.length} ops with weights are`;
  return [
    remark(
      'starved',
      'plain',
      `${who} starved: less than a fiftieth of an equal share of the information${found.length === 1 ? '' : ` (${listed(found)})`}.`,
      found,
    ),
  ];
}

function logitRemarks({ contributions: { logits } }: Picture): Remark[] {
  if (logits === undefined || logits.confidence < 0.99) {
    return [];
  }
  return [
    remark(
      'logits',
      'plain',
      `The softmax is saturated: the largest probability is ${formatShare(logits.confidence)} on average, with logits up to ${formatScientific(logits.largest)}.`,
      [],
    ),
  ];
}

function uncertaintyRemarks({ vkdnw, seeds }: Picture): Remark[] {
  if (vkdnw.se === undefined) {
    return [
      remark(
        'uncertainty',
        'caution',
        'One draw only: the uncertainty is unknown, and it is often larger than the difference between two designs.',
        [],
      ),
    ];
  }
  const entropies = seeds.map(({ entropy }) => entropy);
  return [
    remark(
      'uncertainty',
      'plain',
      `${seeds.length} draws lie between ${formatScore(Math.min(...entropies))} and ${formatScore(Math.max(...entropies))}; the standard error of their mean is ${formatScore(vkdnw.se)}.`,
      [],
    ),
  ];
}

function comparisonRemark(first: Series, other: Series): Remark {
  const [a, b] = [first.picture, other.picture];
  if (!comparable(a.origin, b.origin)) {
    return remark(
      'comparison',
      'caution',
      `${other.name} was scored with other settings or another engine: the two numbers are not comparable.`,
      [],
    );
  }
  const difference = a.vkdnw.value - b.vkdnw.value;
  const way = difference >= 0 ? 'above' : 'below';
  const layers =
    a.layers === b.layers
      ? ''
      : ` ℵ differs (${a.layers} against ${b.layers}), which decides their order by single.`;
  if (a.vkdnw.se === undefined || b.vkdnw.se === undefined) {
    return remark(
      'comparison',
      'caution',
      `${first.name} is ${formatScore(Math.abs(difference))} ${way} ${other.name}, without a standard error to judge it by.${layers}`,
      [],
    );
  }
  const error = Math.hypot(a.vkdnw.se, b.vkdnw.se);
  if (difference === 0) {
    return remark(
      'comparison',
      'plain',
      `${first.name} and ${other.name} have the same entropy.${layers}`,
      [],
    );
  }
  return Math.abs(difference) < 2 * error
    ? remark(
        'comparison',
        'caution',
        `${first.name} and ${other.name} cannot be told apart: ${formatDifference(difference)} is within twice the combined standard error of ${formatScore(error)}.${layers}`,
        [],
      )
    : remark(
        'comparison',
        'plain',
        `${first.name} is ${formatScore(Math.abs(difference))} ${way} ${other.name}, ${(Math.abs(difference) / error).toFixed(1)} combined standard errors.${layers}`,
        [],
      );
}

function remark(rule: Remark['rule'], tone: Remark['tone'], text: string, ops: readonly PictureOp[]): Remark {
  return { rule, tone, text, ops: ops.map(({ path }) => path) };
}

/** The first few by their labels. */
function listed(ops: readonly PictureOp[]): string {
  const names = [...new Set(ops.map(({ label }) => label))];
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more kinds`;
}
