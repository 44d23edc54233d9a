import * as protocol from '../../../protocol/zoo.ts';
import { Zoo } from '../../../zoo/zoo.ts';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';

/** Published networks and spaces to begin from. Nothing of them is read for a client that never asks. */
export function zooFeature(session: Session): Feature {
  const zoo = new Zoo();
  const nothing: protocol.ZooAnswer = { networks: [], spaces: [] };
  return {
    listen() {
      session.connection.onRequest(
        protocol.zoo,
        session.guardBare('Zoo', nothing, () => ({ networks: zoo.networks(), spaces: zoo.spaces() })),
      );
      session.connection.onRequest(
        protocol.zooText,
        session.guard('Zoo', null, ({ name }: { readonly name: string }) => {
          const found = zoo.find(name);
          return found === undefined ? null : zoo.text(found);
        }),
      );
    },
  };
}
