import { own } from '../../base/own.ts';
import { engineTraits } from '../registry.ts';
import type { EngineName } from '../registry.ts';

export type EngineState =
  /** Runs the jobs. */
  | 'in-use'
  /** Passed its self-test, and its speed is known. */
  | 'ready'
  | 'testing'
  | 'untested'
  /** Cannot be loaded, finds no device, or computes wrong numbers. */
  | 'unavailable'
  /** Failed under a job; not used until the engine is restarted. */
  | 'lost';

/** State of an engine on this machine, for people. */
export interface EngineReport {
  readonly name: EngineName;
  readonly title: string;
  readonly state: EngineState;
  readonly device?: string;
  /** Library and version. */
  readonly version?: string;
  /** 10⁹ floating-point operations a second in the speed probe. */
  readonly gflops?: number;
  /** Why it is not used, and the remedy. */
  readonly reason?: string;
}

/** Why an engine cannot be there on a system such as `linux-x64`; undefined when it can. */
export function impossible(name: EngineName, system: string): string | undefined {
  const { systems } = engineTraits[name];
  if (systems === undefined || systems.includes(system)) return undefined;
  const names = [...new Set(systems.map((known) => own(platforms, known.split('-')[0]!) ?? known))];
  return names.some((known) => known === own(platforms, system.split('-')[0]!))
    ? `Not for this architecture (${system}).`
    : `Only on ${names.join(' and ')}.`;
}

const platforms: Readonly<Record<string, string>> = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };
