// A rule for eslint: no property of an object is looked up, or set, by a name that is only known when the program runs.
//
// `usual[name]` with the name `constructor` finds a function of every object's prototype, and `values[name] = 1` with
// `__proto__` sets no value. Names of users go into a Map, or are read by `own` of server/base/own.ts, and objects for
// JSON are made by `Object.fromEntries`. Keys whose type lists all they can be are fine, and so are numbers.
import ts from 'typescript';

/** Whether a type has strings that nobody has listed. @param {ts.Type} type @param {ts.TypeChecker} checker @returns {boolean} */
function isOpen(type, checker) {
  if (type.isUnionOrIntersection()) return type.types.some((part) => isOpen(part, checker));
  if (
    type.flags &
    (ts.TypeFlags.Instantiable & ~ts.TypeFlags.StringMapping & ~ts.TypeFlags.TemplateLiteral)
  ) {
    const bound = checker.getBaseConstraintOfType(type);
    return bound === undefined || isOpen(bound, checker);
  }
  const open = ts.TypeFlags.String | ts.TypeFlags.StringMapping | ts.TypeFlags.TemplateLiteral;
  return (type.flags & (open | ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

/** @type {import('eslint').Rule.RuleModule} */
export const noForeignKeys = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      foreign:
        'A name that is not known beforehand may be one of Object.prototype: use a Map, or `own` of server/base/own.ts; make objects by `Object.fromEntries`.',
    },
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices;
    const checker = program.getTypeChecker();
    /** @param {import('estree').Node} key */
    const check = (key) => {
      const type = checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(key));
      if (isOpen(type, checker)) context.report({ node: key, messageId: 'foreign' });
    };
    return {
      MemberExpression({ computed, property }) {
        if (computed) check(property);
      },
      BinaryExpression({ operator, left }) {
        if (operator === 'in' && left.type !== 'PrivateIdentifier') check(left);
      },
      'ObjectPattern > Property[computed=true]'(/** @type {import('estree').Property} */ { key }) {
        check(key);
      },
    };
  },
};
