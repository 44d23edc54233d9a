import { formatSpeed } from '../../server/base/quantities.ts';
import type { EngineReport, EngineState } from '../../server/engine/pool/report.ts';
import type { EngineChoice } from '../../server/engine/registry.ts';

/** A line of the quick pick, without anything of the editor's. */
export interface EngineItem {
  readonly choice: EngineChoice;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  /** Can be chosen as things are. */
  readonly usable: boolean;
}

const icons: Readonly<Record<EngineState, string>> = {
  'in-use': '$(pulse)',
  ready: '$(pass)',
  testing: '$(loading~spin)',
  untested: '$(circle-outline)',
  unavailable: '$(circle-slash)',
  lost: '$(warning)',
};

const words: Readonly<Record<EngineState, string>> = {
  'in-use': 'in use',
  ready: 'ready',
  testing: 'being tested',
  untested: 'not tested yet',
  unavailable: 'unavailable',
  lost: 'failed',
};

/** `auto` and all engines, those that can be used first. */
export function engineItems(reports: readonly EngineReport[], chosen: EngineChoice): readonly EngineItem[] {
  const inUse = reports.find(({ state }) => state === 'in-use');
  const mark = (choice: EngineChoice): string => (choice === chosen ? ' $(check)' : '');
  const auto: EngineItem = {
    choice: 'auto',
    label: `$(sparkle) auto${mark('auto')}`,
    description: inUse === undefined ? '' : `now ${inUse.name}`,
    detail: 'The processor at once; a GPU as soon as it has proved to be right and faster.',
    usable: true,
  };
  const items = reports.map((report): EngineItem => {
    const { name, title, state, gflops, device, reason } = report;
    const facts = [device, speed(gflops), words[state]].filter((fact) => fact !== undefined);
    return {
      choice: name,
      label: `${icons[state]} ${name}${mark(name)}`,
      description: facts.join(' · '),
      detail: reason ?? title,
      usable: state !== 'unavailable' && state !== 'lost',
    };
  });
  return [auto, ...items.filter(({ usable }) => usable), ...items.filter(({ usable }) => !usable)];
}

function speed(gflops: number | undefined): string | undefined {
  return gflops === undefined ? undefined : `${formatSpeed(gflops)} GFLOP/s`;
}
