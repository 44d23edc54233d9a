import { CompletionItemKind } from 'vscode-languageserver/node';
import { NAS_BENCH_201_OPS } from '../../../network/nasbench201.ts';
import { ranks } from './item.ts';
import type { Suggestion } from './item.ts';

const example =
  '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|';

/** @param before the genotype up to the word at the cursor, without its quote */
export function genotypeSuggestions(before: string): readonly Suggestion[] {
  if (before === '') return [{ label: example, kind: CompletionItemKind.Value, rank: ranks.expected }];
  // Every group leads into a node of its own, its parts come from the nodes before that.
  const group = before.slice(before.lastIndexOf('+') + 1);
  const from = group.split('|').length - 2;
  if (before.endsWith('|'))
    return NAS_BENCH_201_OPS.map((op) => ({
      label: op,
      kind: CompletionItemKind.EnumMember,
      rank: ranks.expected,
      insert: `${op}~${from}|`,
      details: { of: 'op', name: op },
    }));
  return before.endsWith('~')
    ? [{ label: String(from), kind: CompletionItemKind.Value, rank: ranks.expected, insert: `${from}|` }]
    : [];
}
