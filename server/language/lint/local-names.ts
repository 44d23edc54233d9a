import type {
  FlowStatement,
  ForStatement,
  Identifier,
  LetDecl,
  RepeatStatement,
} from '../../../grammar/syntax.ts';
import type { ParametricDecl } from '../names/templates.ts';
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
      return (node as ParametricDecl).params.map(({ name }) => ({ name, what: 'parameter' }));
    case 'let':
      return [{ name: (node as LetDecl).name, what: 'value' }];
    case 'repeat': {
      const { variable } = node as RepeatStatement;
      return variable === undefined ? [] : [{ name: variable, what: 'loop variable' }];
    }
    case 'for':
      return (node as ForStatement).pattern.map((name) => ({ name, what: 'loop variable' }));
    case 'flow-statement': {
      const { name } = node as FlowStatement;
      return name === undefined ? [] : [{ name, what: 'tensor' }];
    }
    default:
      return [];
  }
}
