import { describe, expect, it } from 'vitest';
import type { EvaluationRequest } from '../../../client/evaluation/protocol.ts';
import { argumentsOf } from '../../../client/evaluation/run.ts';
import { ownAggregate } from '../../../server/proxies/aggregates.ts';

const request: EvaluationRequest = {
  kind: 'benchmark',
  file: '/w/table.csv',
  target: 'accuracy',
  genotype: 'genotype',
  dataSet: 'cifar10',
  proxies: ['expressivity', 'progressivity', 'trainability', 'macs'],
};
const options = {
  storage: '/storage',
  version: '1.0.0',
  engine: { choice: 'auto', threads: 0, cudaPath: '' },
  aggregates: [],
};

/** The values behind a flag. */
function valuesOf(args: readonly string[], flag: string): readonly string[] | undefined {
  const start = args.indexOf(flag);
  if (start < 0) return undefined;
  const rest = args.slice(start + 1);
  const end = rest.findIndex((text) => text.startsWith('--'));
  return end < 0 ? rest : rest.slice(0, end);
}

describe('the arguments of an evaluation', () => {
  it('name the engine that the editor uses, and where the extension installs the one for CUDA', () => {
    const args = argumentsOf(request, options);
    expect(valuesOf(args, '--engine')).toEqual(['auto']);
    expect(valuesOf(args, '--cuda-path')).toEqual(['/storage/cuda-engine']);
    expect(args).not.toContain('--threads');
    const set = argumentsOf(request, {
      ...options,
      engine: { choice: 'tfjs-node-gpu', threads: 3, cudaPath: '/opt/cuda' },
    });
    expect(valuesOf(set, '--engine')).toEqual(['tfjs-node-gpu']);
    expect(valuesOf(set, '--cuda-path')).toEqual(['/opt/cuda']);
    expect(valuesOf(set, '--threads')).toEqual(['3']);
    const relative = argumentsOf(request, { ...options, engine: { ...options.engine, cudaPath: 'cuda' } });
    expect(relative).not.toContain('--cuda-path');
  });

  it('name the aggregates of the user whose parts are computed, beside those that have a name', () => {
    const aggregates = [
      ownAggregate('mine', ['macs', 'trainability']),
      ownAggregate('other', ['macs', 'naswot']),
      ownAggregate('a=b', ['macs', 'trainability']),
    ];
    const args = argumentsOf(request, { ...options, aggregates });
    expect(valuesOf(args, '--aggregate')).toEqual(['az_nas', 'mine=macs+trainability']);
    expect(argumentsOf(request, options)).not.toContain('--aggregate');
    const shadowing = [ownAggregate('az_nas', ['macs', 'trainability'])];
    expect(valuesOf(argumentsOf(request, { ...options, aggregates: shadowing }), '--aggregate')).toEqual([
      'az_nas=macs+trainability',
    ]);
  });

  it('name a journal for each table, data set, engine and version', () => {
    const journal = (changes: Partial<typeof options>, own: Partial<EvaluationRequest> = {}): string =>
      valuesOf(
        argumentsOf({ ...request, ...own } as EvaluationRequest, { ...options, ...changes }),
        '--journal',
      )![0]!;
    expect(journal({})).toMatch(/^\/storage\/evaluations\/[0-9a-f]{16}\.journal$/);
    expect(journal({ aggregates: [] }, { sample: 9 })).toBe(journal({}));
    const others = [
      journal({ version: '1.0.1' }),
      journal({ engine: { ...options.engine, choice: 'onnx-cpu' } }),
      journal({}, { dataSet: 'cifar100' }),
      journal({}, { file: '/w/other.csv' }),
    ];
    expect(new Set([journal({}), ...others]).size).toBe(5);
  });

  it('of a table without genotypes name its columns alone', () => {
    const columns: EvaluationRequest = { kind: 'columns', file: 't.csv', target: 'a', columns: ['x', 'y'] };
    expect(argumentsOf(columns, options)).toEqual([
      ...['--scores', 't.csv', '--target', 'a'],
      ...['--score', 'x', 'y'],
    ]);
  });
});
