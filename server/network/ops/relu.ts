import { activation } from '../parts/activation.ts';

export const relu = activation({
  name: 'relu',
  summary: 'Sets negative values to 0.',
  doc: `\`max(x, 0)\``,
  apply: (builder, x) => builder.unary('relu', x),
});
