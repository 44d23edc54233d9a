import { zooNetworks, zooText } from '../../../protocol/zoo.ts';
import { Zoo } from '../../../zoo/zoo.ts';
import type { Feature } from '../../feature.ts';
import type { Session } from '../../session.ts';

/** Published networks to begin from. Nothing of them is read for a client that never asks. */
export function zooFeature(session: Session): Feature {
  const zoo = new Zoo();
  return {
    listen() {
      session.connection.onRequest(
        zooNetworks,
        session.guardBare('Zoo', [], () => zoo.networks()),
      );
      session.connection.onRequest(
        zooText,
        session.guard('Zoo', null, ({ model }: { readonly model: string }) => {
          const network = zoo.find(model);
          return network === undefined ? null : zoo.text(network);
        }),
      );
    },
  };
}
