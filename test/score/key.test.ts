import { describe, expect, it } from 'vitest';
import { Project } from '../../server/language/project.ts';
import type { Network } from '../../server/network/network.ts';
import { noteMoved, originalOf } from '../../server/network/original.ts';
import { networkHash, noteHash } from '../../server/score/key.ts';

const uri = 'file:///work/main.arch';
const text = 'model M { input 8x8x3 classes 4 conv(4, 3x3) -> relu -> gap -> dense(classes) }\n// The end.\n';

/** The network as one text after another has it, in one project. */
function networksOf(...texts: readonly string[]): Network[] {
  let now = '';
  const project = new Project({ read: () => now });
  return texts.map((each) => {
    now = each;
    project.invalidate(uri);
    return project.analyse(uri).models[0]!.network!;
  });
}

describe('the hash of a network', () => {
  it('is made once, also for the network at other places', () => {
    const [network] = networksOf(text);
    let reads = 0;
    const counted: Network = {
      ...network!,
      get nodes() {
        reads += 1;
        return network!.nodes;
      },
    };
    const hash = networkHash(counted);
    expect(hash).toBe(networkHash(network!));
    const moved = { ...network! };
    noteMoved(moved, counted);
    expect([networkHash(counted), networkHash(moved)]).toEqual([hash, hash]);
    expect(reads).toBe(1);
  });

  it('comes with a network from another thread', () => {
    const [network] = networksOf(text);
    const copy = structuredClone(network!);
    noteHash(copy, 'as it was told');
    expect(networkHash(copy)).toBe('as it was told');
  });
});

describe('a network whose text has moved', () => {
  it('is another object with the same original, however often it moves', () => {
    const [first, second, third] = networksOf(
      text,
      `// A comment.\n${text}`,
      `\n// Another comment.\n\n${text}`,
    );
    expect(second).not.toBe(first);
    expect(second!.nodes[1]!.origin.span).not.toEqual(first!.nodes[1]!.origin.span);
    expect([second, third].map((network) => originalOf(network!))).toEqual([first, first]);
    expect(originalOf(third!)).toBe(first);
  });

  it('is its own original when it has changed', () => {
    const [first, second] = networksOf(text, `// A comment.\n${text.replace('conv(4', 'conv(5')}`);
    expect(originalOf(second!)).toBe(second);
    expect(networkHash(second!)).not.toBe(networkHash(first!));
  });
});
