import { boundNames } from '../../../grammar/bound-names.ts';
import type {
  FlowStatement,
  ForStatement,
  Identifier,
  LetDecl,
  RepeatStatement,
} from '../../../grammar/syntax.ts';
import { inputsOf, type ParametricDecl } from '../names/templates.ts';
import type { SyntaxNode } from '../../../grammar/walk.ts';

export interface LocalName {
  readonly name: Identifier;
  readonly what: 'parameter' | 'value' | 'loop variable' | 'tensor';
}

/** The names that a node itself introduces. */
export function localNames(node: SyntaxNode): readonly LocalName[] {
  switch (node.kind ?? '') {
    case 'block':
    case 'model':
    case 'cell': {
      const decl = node as ParametricDecl;
      return [
        ...inputsOf(decl).map((name) => ({ name, what: 'tensor' }) as const),
        ...decl.params.map(({ name }) => ({ name, what: 'parameter' }) as const),
      ];
    }
    case 'let':
      return [{ name: (node as LetDecl).name, what: 'value' }];
    case 'repeat': {
      const { variable } = node as RepeatStatement;
      return variable === undefined ? [] : [{ name: variable, what: 'loop variable' }];
    }
    case 'for':
      return (node as ForStatement).pattern.map((name) => ({ name, what: 'loop variable' }));
    case 'flow-statement':
      return boundNames(node as FlowStatement).map((name) => ({ name, what: 'tensor' }));
    default:
      return [];
  }
}
