/** Published networks and search spaces to begin from, for a client that lists them. */
import { RequestType, RequestType0 } from 'vscode-languageserver-protocol';
import type { ZooNetwork, ZooSpace } from '../zoo/zoo.ts';

/** What comes with the program, in the order of its table; networks of a family stand together. */
export interface ZooAnswer {
  readonly networks: readonly ZooNetwork[];
  readonly spaces: readonly ZooSpace[];
}

export const zoo = new RequestType0<ZooAnswer, void>('archlens/zoo');

/** A text with one of them alone, by the name of its model or space; null where there is none. */
export const zooText = new RequestType<{ readonly name: string }, string | null, void>('archlens/zooText');
