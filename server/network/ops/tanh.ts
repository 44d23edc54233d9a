import { activation } from '../parts/activation.ts';

export const tanh = activation({
  name: 'tanh',
  summary: 'Squashes values into −1 to 1.',
  doc: `\`tanh(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)\``,
  apply: (builder, x) => builder.unary('tanh', x),
});
