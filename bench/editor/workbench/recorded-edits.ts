import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onlyModels } from './only-models.ts';

/** One change of a text: the first `find` behind `after` becomes `by`. */
export interface RecordedEdit {
  readonly find: string;
  /** Absent: from the beginning of the text. */
  readonly after?: string;
  readonly by: string;
}

export interface RecordedNetwork {
  readonly name: string;
  /** Below `examples/`. */
  readonly file: string;
  /** The model of the file that is edited; the others are left out. */
  readonly model: string;
  /** Each of the text that the one before it has left. */
  readonly edits: readonly RecordedEdit[];
}

/** Fifty edits of five networks as people make them: depth, width, kernels, activations, norms, ways around, resolution, and some taken back. */
export const recordedNetworks: readonly RecordedNetwork[] = [
  {
    name: 'ResNet-20, 32 × 32',
    file: 'resnet20.arch',
    model: 'ResNet20',
    edits: [
      { find: '3', after: 'repeat ', by: '4' },
      { find: '64', after: '(32, 2), (', by: '96' },
      { find: '96', after: '(32, 2), (', by: '64' },
      { find: 'relu', after: 'conv(16, 3x3) -> bn -> ', by: 'gelu' },
      { find: '3x3', after: '-> bn -> relu\n    conv(out, ', by: '5x5' },
      { find: ' -> bn', after: '1x1, stride = stride)', by: '' },
      { find: 'relu', after: 'stride = stride) }\n  }\n  ', by: 'silu' },
      { find: '32', after: '(16, 1), (', by: '48' },
      { find: 'Three stages: twice', by: 'Stages: more than' },
      { find: '3x3', after: 'residual {\n    conv(out, ', by: '1x1' },
    ],
  },
  {
    name: 'ConvNeXt, 32 × 32',
    file: 'convnext.arch',
    model: 'SmallConvNeXt',
    edits: [
      { find: '4', after: 'conv(dim * ', by: '3' },
      { find: '7x7', after: 'kernel = ', by: '5x5' },
      { find: '5x5', after: 'kernel = ', by: '7x7' },
      { find: 'gelu', by: 'relu' },
      { find: '4', after: '(192, ', by: '3' },
      { find: '384', after: '[(48, 2)', by: '320' },
      { find: 'layernorm', after: 'dwconv(kernel, bias = true) -> ', by: 'bn' },
      { find: 'bn', after: 'dwconv(kernel, bias = true) -> ', by: 'layernorm' },
      { find: '96', after: '[(48, 2), (', by: '128' },
      { find: '3', after: 'conv(dim * ', by: '4' },
    ],
  },
  {
    name: 'ViT, 32 × 32',
    file: 'vit-tiny.arch',
    model: 'ViTTiny',
    edits: [
      { find: '12', after: 'repeat ', by: '10' },
      { find: '64', after: 'heads = dim / ', by: '32' },
      { find: 'layernorm -> ', after: 'Encoder(heads', by: '' },
      { find: 'true', after: 'padding = valid, bias = ', by: 'false' },
      { find: ' -> posembed', by: '' },
      { find: ' ', after: 'cls_token', by: ' -> posembed ' },
      { find: '10', after: 'repeat ', by: '8' },
      { find: '32', after: 'heads = dim / ', by: '96' },
      { find: 'One token', by: 'A token' },
      { find: ' / 96', by: ' / 96, mlp = 3' },
    ],
  },
  {
    name: 'MobileNetV2, 224 × 224',
    file: 'mobilenetv2.arch',
    model: 'MobileNetV2',
    edits: [
      { find: 'max(1280, round8(1280 * width))', by: '1024' },
      { find: '3', after: '(6, 160, ', by: '2' },
      { find: '4', after: '(6,  64, ', by: '3' },
      { find: 'relu6', after: 'stride = 2, act = ', by: 'relu' },
      { find: '6', after: '(1,  16, 1, 1),\n  (', by: '4' },
      { find: '1.0', after: 'let width = ', by: '0.75' },
      { find: '0.75', after: 'let width = ', by: '1.0' },
      { find: '320', after: '(6, ', by: '256' },
      { find: '0.2', after: 'dropout(', by: '0.3' },
      { find: '224x224', by: '192x192' },
    ],
  },
  {
    name: 'MobileNetV3-Small, 224 × 224',
    file: 'zoo/mobilenetv3.arch',
    model: 'MobileNetV3Small',
    edits: [
      { find: '(5x5, 576, 96, true,  hardswish, 1),\n  ', by: '' },
      { find: 'true', after: 'let small = [\n  (3x3,  16, 16, ', by: 'false' },
      { find: 'relu', after: '(3x3,  72, 24, false, ', by: 'hardswish' },
      { find: '5x5', after: '(3x3,  88, 24, false, relu,      1),\n  (', by: '3x3' },
      { find: 'hardsigmoid', after: 'gate = ', by: 'sigmoid' },
      { find: 'sigmoid', after: 'gate = ', by: 'hardsigmoid' },
      { find: '576', after: 'MobileNetV3(small, ', by: '480' },
      { find: '1024', after: 'MobileNetV3(small, 480, ', by: '1280' },
      { find: '0.2', after: 'dropout(', by: '0.1' },
      { find: '224x224', by: '192x192' },
    ],
  },
];

/** The text that the edits of a network begin with. @param examples the folder */
export function recordedText(examples: string, { file, model }: RecordedNetwork): string {
  return onlyModels(readFileSync(join(examples, file), 'utf8'), [model]);
}

/** Where an edit is. @throws Error where the text does not hold it */
export function placeOf(text: string, { find, after = '' }: RecordedEdit): number {
  const from = text.indexOf(after);
  const start = from === -1 ? -1 : text.indexOf(find, from + after.length);
  if (start === -1) throw new Error(`There is no “${find}” behind “${after}”.`);
  return start;
}

export function edited(text: string, edit: RecordedEdit): string {
  const start = placeOf(text, edit);
  return text.slice(0, start) + edit.by + text.slice(start + edit.find.length);
}
