import { type LintRule, sound } from './rule.ts';

/** Channels that images are made of: grey, colours, colours with transparency. */
const ofImages: ReadonlySet<number> = new Set([1, 3, 4]);

/** `input 3x224x224`: three rows of 224 pixels with 224 channels, where the channels of PyTorch are meant. */
export const channelsFirst: LintRule = {
  code: 'channels-first',
  check({ module }, report) {
    for (const { decl } of sound(module)) {
      if (decl.kind !== 'model' && decl.kind !== 'space') continue;
      for (const statement of decl.body.statements) {
        if (statement.kind !== 'input' || statement.shape.kind !== 'dims') continue;
        const [first, second, third, ...more] = statement.shape.values;
        if (more.length > 0 || third === undefined || !ofImages.has(first!)) continue;
        if (second! <= 4 || third <= 4) continue;
        report({
          code: 'channels-first',
          severity: 'warning',
          message: `This is an image of ${first}x${second} with ${third} channels; channels stand last: \`${second}x${third}x${first}\`.`,
          span: statement.shape.span,
        });
      }
    }
  },
};
