import { defaultMoveKinds } from '../../server/search/moves/kinds.ts';
import type { MoveKind } from '../../server/search/moves/move.ts';

/** A published network that is improved. */
export interface AdvisedNetwork {
  /** Below `examples/`. */
  readonly file: string;
  readonly model: string;
  /** A text whose alternatives are tried. */
  readonly place: string;
  /** What a step may change. */
  readonly kinds: readonly MoveKind[];
}

function advised(file: string, model: string, place: string, kinds = defaultMoveKinds): AdvisedNetwork {
  return { file, model, place, kinds };
}

/** Of long lists of rows, so that they end in minutes. */
const allButWidths = defaultMoveKinds.filter((kind) => kind !== 'width');

/** Networks of different kinds; the last three are for images of 224 × 224. */
export const advisedNetworks: readonly AdvisedNetwork[] = [
  advised('resnet20.arch', 'ResNet20', 'relu\n'),
  advised('convnext.arch', 'SmallConvNeXt', 'gelu'),
  advised('inception.arch', 'SmallInception', 'maxpool(2x2)'),
  advised('zoo/preresnet-cifar.arch', 'PreResNet20', 'gap'),
  advised('zoo/resnet-cifar.arch', 'SEResNet20', 'relu\n'),
  advised('zoo/nasbench201.arch', 'Nb201ImageNet16', 'nor_conv_1x1~0'),
  advised('vit-tiny.arch', 'ViTTiny', 'layernorm'),
  advised('zoo/mobilenetv1.arch', 'MobileNet025', 'gap'),
  advised('zoo/mobilenetv3.arch', 'MobileNetV3Small', 'gap', allButWidths),
  advised('zoo/mnasnet.arch', 'MnasNet050', 'relu)', allButWidths),
];
