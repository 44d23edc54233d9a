import { Project } from '../../../server/language/project.ts';
import type { Network } from '../../../server/network/network.ts';
import { namedSettings } from '../../../server/score/settings.ts';
import type { ScoreSettings } from '../../../server/score/types.ts';

/** The first model of a text. */
export function networkOf(text: string): Network {
  const analysis = new Project({ read: () => text }).analyse('file:///test.arch');
  const network = analysis.models[0]?.network;
  if (network === undefined) {
    throw new Error(analysis.diagnostics.map(({ message }) => message).join('\n'));
  }
  return network;
}

/** Convolutions, norms, a residual, a dense layer: everything a small network has. */
export const tinyText = `
  model Tiny {
    input 6x6x2
    classes 4
    conv(3, 3x3) -> bn -> relu
    residual { conv(3, 3x3) -> bn -> relu }
    gap -> dense(5) -> relu -> dense(classes)
  }
`;

export const exact: ScoreSettings = { ...namedSettings.paper, samples: 12 };

export function sketch(signs: number): ScoreSettings {
  return { ...exact, estimator: { kind: 'sketch', signs } };
}
