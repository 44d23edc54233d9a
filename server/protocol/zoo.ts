/** Published networks to begin from, for a client that lists them. */
import { RequestType, RequestType0 } from 'vscode-languageserver-protocol';
import type { ZooNetwork } from '../zoo/zoo.ts';

/** Those that come with the program, in the order of their table; those of a family stand together. */
export const zooNetworks = new RequestType0<readonly ZooNetwork[], void>('archlens/zooNetworks');

/** A text with one of them alone, by the name of its model; null where there is none. */
export const zooText = new RequestType<{ readonly model: string }, string | null, void>('archlens/zooText');
