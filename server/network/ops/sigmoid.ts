import { activation } from '../parts/activation.ts';

export const sigmoid = activation({
  name: 'sigmoid',
  summary: 'Squashes values into 0 to 1.',
  doc: `\`σ(x) = 1 / (1 + e⁻ˣ)\``,
  apply: (builder, x) => builder.unary('sigmoid', x),
});
