import type { VNode } from 'preact';
import {
  formatCount,
  formatDifference,
  formatInteger,
  formatScore,
  formatSingle,
  formatTimeLeft,
  plural,
} from '../../../server/base/quantities.ts';
import type { ScoreDifference } from '../../../server/score/difference.ts';
import { marksBeside, marksText } from '../../../server/score/marks.ts';
import { mostEntropy, quantileName } from '../../../server/fisher/deciles.ts';
import type { Picture } from '../../../server/plot/picture.ts';
import { amongText } from '../../../server/worth/worth.ts';
import type { FromPage, View } from '../protocol.ts';

interface HeaderProps {
  readonly view: View;
  readonly post: (message: FromPage) => void;
}

export function Header({ view, post }: HeaderProps): VNode {
  const { target, file, locked, answer } = view;
  const picture = answer?.picture;
  return (
    <header>
      <div class="title">
        <h1>{target?.model ?? 'Spectrum'}</h1>
        <span class="muted file">{file}</span>
        <State view={view} post={post} />
      </div>
      <div class="toolbar" role="toolbar" aria-label="Panel">
        <button
          class="button quiet"
          aria-pressed={locked}
          title={locked ? 'Follow the editor again' : 'Stay with this model, whatever the editor shows'}
          disabled={target === undefined}
          onClick={() => {
            post({ kind: 'lock', locked: !locked });
          }}
        >
          {locked ? 'Locked' : 'Lock'}
        </button>
        <button
          class="button quiet"
          title="Keep this version in the picture, to compare later ones with it"
          disabled={picture === undefined}
          onClick={() => {
            post({ kind: 'pin' });
          }}
        >
          Pin version
        </button>
        <button
          class="button quiet"
          title="Lay earlier versions or other models over it"
          disabled={picture === undefined}
          onClick={() => {
            post({ kind: 'compare' });
          }}
        >
          Compare…
        </button>
        <button
          class="button quiet"
          title="Save as SVG, PNG, CSV or JSON"
          disabled={picture === undefined}
          onClick={() => {
            post({ kind: 'choose-export' });
          }}
        >
          Export…
        </button>
      </div>
      {picture === undefined ? null : (
        <Headline
          picture={picture}
          difference={answer?.difference}
          quick={answer?.state === 'quick'}
          old={answer?.state !== 'current' && answer?.state !== 'refining' && answer?.state !== 'quick'}
        />
      )}
    </header>
  );
}

/** What keeps the numbers from being the last word on the text as it is. */
function State({ view: { answer }, post }: HeaderProps): VNode {
  const words = ((): string => {
    switch (answer?.state) {
      case 'refining':
        return 'Settling';
      case 'quick':
        return `Quick: ${plural(answer.picture?.seeds.length ?? 0, 'seed')}`;
      case 'computing':
        return answer.picture === undefined ? 'Scoring' : 'Scoring; shown is an earlier text';
      case 'stale':
        return `Stale: ${answer.problem ?? 'the text has errors.'}`;
      case 'on-demand':
        return answer.picture === undefined ? '' : 'Stale: this text is not scored unasked';
      case 'current':
      case 'failed':
      case 'invalid':
      case undefined:
        return '';
    }
  })();
  const stale = words.startsWith('Stale');
  return (
    <span class="state" role="status">
      {words === '' ? null : <span class={stale ? 'chip stale' : 'chip'}>{words}</span>}
      {answer?.state === 'quick' ? (
        <button
          class="button"
          onClick={() => {
            post({ kind: 'settle' });
          }}
        >
          Settle (about {formatTimeLeft(1000 * (answer.secondsToSettle ?? 0))})
        </button>
      ) : null}
      {answer?.state === 'on-demand' && answer.picture !== undefined ? (
        <button
          class="button"
          onClick={() => {
            post({ kind: 'score' });
          }}
        >
          Score now
        </button>
      ) : null}
    </span>
  );
}

interface HeadlineProps {
  readonly picture: Picture;
  readonly difference: ScoreDifference | undefined;
  /** The number is of the first seeds. */
  readonly quick: boolean;
  readonly old: boolean;
}

function Headline({ picture, difference, quick, old }: HeadlineProps): VNode {
  const { vkdnw, marks, layers, params, macs } = picture;
  const { norm } = picture.origin.settings;
  const rows = [
    [
      'VKDNW',
      `${quick ? '≈ ' : ''}${formatScore(vkdnw.value, vkdnw.se)}${marksBeside(marks)}`,
      `Entropy of the normalised ${quantileName(norm)}s, 0 to ${formatScore(mostEntropy(norm))}; higher is better, ${amongText}${marks === undefined ? '' : `\n${marksText(marks)!}`}`,
    ],
    ...(difference === undefined
      ? []
      : [
          [
            'Change',
            difference.withinNoise ? 'within noise' : formatDifference(difference.vkdnw, difference.vkdnwSe),
            `Against the last settled version: ${formatDifference(difference.vkdnw, difference.vkdnwSe)}, paired, of ${plural(difference.seeds, 'seed')} that both have`,
          ] as const,
        ]),
    ['Single', formatSingle(layers, vkdnw.value, vkdnw.se), 'ℵ + VKDNW: orders networks of different size'],
    ['Layers ℵ', formatInteger(layers), 'Convolutions and dense layers'],
    ['Parameters', formatCount(params), formatInteger(params)],
    ['MACs', formatCount(macs), `${formatInteger(macs)} multiply-accumulates for one sample`],
  ] as const;
  return (
    <dl class={old ? 'headline old' : 'headline'}>
      {rows.map(([name, value, meaning]) => (
        <div key={name} title={meaning}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
