import type { Span } from '../../../grammar/syntax.ts';
import { libraryWith } from '../library.ts';
import { type ContextName, isMetricName } from '../values/builtins.ts';
import { functions } from '../values/functions.ts';
import type { Problem } from './diagnostics.ts';
import { type Candidates, didYouMean } from '../names/suggest.ts';

// Name resolution and expansion can meet the same mistake; saying it in one way lets the sink keep one of the two.

function suggestion(name: string, candidates: Candidates | undefined): string {
  return candidates === undefined ? '' : didYouMean(name, candidates.names(), candidates.comparisons);
}

export function unknownName(name: string, span: Span, candidates?: Candidates): Problem {
  const library = libraryWith(name);
  const remedy =
    library === undefined
      ? suggestion(name, candidates)
      : ` It comes with Archlens: add \`import { ${name} } from "${library}"\` at the top.`;
  return { code: 'unknown-name', message: `There is no \`${name}\` here.${remedy}`, span };
}

/** A name in an expression that means nothing there. */
export function unresolved(name: string, span: Span, candidates?: Candidates): Problem {
  const fn = functions.get(name);
  if (fn === undefined && name !== 'choice') return unknownName(name, span, candidates);
  const signature = fn?.signature ?? 'choice(a, b, …)';
  return { code: 'not-a-value', message: `\`${name}\` is a function: write \`${signature}\`.`, span };
}

export function tensorArgument(name: string, span: Span): Problem {
  return {
    code: 'tensor-argument',
    message: `Arguments are values, not tensors such as \`${name}\`: tensors flow in. Declare several as \`block Name[a, b](…)\` and write \`[a, b] -> Name\`.`,
    span,
  };
}

export function notATensorValue(name: string, span: Span): Problem {
  return {
    code: 'not-a-value',
    message: `\`${name}\` is a tensor, not a value: tensors are given to \`add(${name})\`, \`mul(${name})\` or \`concat(${name})\`, or start a flow.`,
    span,
  };
}

export function notATensor(name: string, span: Span, candidates?: Candidates): Problem {
  return {
    code: 'not-a-tensor',
    message: `There is no tensor named \`${name}\` here: name one before with \`${name} = …\`.${suggestion(name, candidates)}`,
    span,
  };
}

export function tensorInFlow(name: string, span: Span): Problem {
  return {
    code: 'tensor-in-flow',
    message: `\`${name}\` is a tensor, which can only start a flow: write \`add(${name})\`, \`mul(${name})\` or \`concat(${name})\` to combine it with the current one.`,
    span,
  };
}

export function notAnOp(name: string, what: string, span: Span): Problem {
  return {
    code: 'not-callable',
    message: `\`${name}\` is ${what}, not an op, block or cell.`,
    span,
  };
}

/** What stands behind `model Name =` has to be a model. @param what it is, if anything */
export function notAModel(
  name: string,
  span: Span,
  what: string | undefined,
  candidates: Candidates,
): Problem {
  if (what === undefined)
    return {
      code: 'unknown-name',
      message: `There is no model \`${name}\` here.${suggestion(name, candidates)}`,
      span,
    };
  const made = what === 'instance';
  return {
    code: 'not-callable',
    message: made
      ? `\`${name}\` is made of another model itself: write that model here, with its arguments.`
      : `\`${name}\` is ${what === 'op' ? 'an op' : `a ${what}`}, and a model is made of a \`model\` with parameters.`,
    span,
  };
}

export function choiceOutsideSpace(span: Span, where: 'file' | 'model'): Problem {
  return {
    code: 'choice-outside-space',
    message:
      where === 'file'
        ? 'A choice is decided where it is evaluated, and nothing is decided at file level: move this `let` into the space, or make it a list and write `choice(list)` there.'
        : 'A model has nothing to choose: pick one option, or make the model a `space`.',
    span,
  };
}

export function noContext(name: ContextName, span: Span): Problem {
  const message = isMetricName(name)
    ? `\`${name}\` is known only when the network is complete: use it in a \`constraint\`.`
    : name === 'channels'
      ? '`channels` is the width of the current tensor, and there is none here, or several: use it inside a model, space or block, after `input`, in a flow that begins with one tensor.'
      : name === 'classes'
        ? '`classes` is not known here: write `classes 10` at the start of the model.'
        : `\`${name}\` is that of the current tensor where it is an image, and there is none here: name a value with \`let ${name} = …\`.`;
  return { code: 'no-context', message, span };
}

export function nestedChoice(span: Span): Problem {
  return {
    code: 'nested-choice',
    message:
      'An option cannot be a choice itself: list all options in one `choice`, or name the inner one with `let`.',
    span,
  };
}
