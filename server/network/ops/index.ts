import type { OpDefinition } from '../op.ts';
import { adaptiveAvgpool } from './adaptive-avgpool.ts';
import { add } from './add.ts';
import { attend } from './attend.ts';
import { attention } from './attention.ts';
import { avgPool3x3 } from './avg-pool-3x3.ts';
import { avgpool } from './avgpool.ts';
import { blurpool } from './blurpool.ts';
import { bn } from './bn.ts';
import { channelShuffle } from './channel-shuffle.ts';
import { clsToken } from './cls-token.ts';
import { concat } from './concat.ts';
import { conv } from './conv.ts';
import { convTranspose } from './conv-transpose.ts';
import { crop } from './crop.ts';
import { dense } from './dense.ts';
import { depthToSpace } from './depth-to-space.ts';
import { dropout } from './dropout.ts';
import { dwconv } from './dwconv.ts';
import { elu } from './elu.ts';
import { flatten } from './flatten.ts';
import { gap } from './gap.ts';
import { gelu } from './gelu.ts';
import { gmp } from './gmp.ts';
import { groupnorm } from './groupnorm.ts';
import { hardsigmoid } from './hardsigmoid.ts';
import { hardswish } from './hardswish.ts';
import { identity } from './identity.ts';
import { layernorm } from './layernorm.ts';
import { leakyRelu } from './leaky-relu.ts';
import { lrn } from './lrn.ts';
import { maxChannels } from './max-channels.ts';
import { maxpool } from './maxpool.ts';
import { meanChannels } from './mean-channels.ts';
import { meanTokens } from './mean-tokens.ts';
import { mish } from './mish.ts';
import { mul } from './mul.ts';
import { none } from './none.ts';
import { norConv1x1 } from './nor-conv-1x1.ts';
import { norConv3x3 } from './nor-conv-3x3.ts';
import { pad } from './pad.ts';
import { posembed } from './posembed.ts';
import { prelu } from './prelu.ts';
import { relu } from './relu.ts';
import { relu6 } from './relu6.ts';
import { resize } from './resize.ts';
import { resizeLike } from './resize-like.ts';
import { rmsnorm } from './rmsnorm.ts';
import { scale } from './scale.ts';
import { se } from './se.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { skipConnect } from './skip-connect.ts';
import { slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { softplus } from './softplus.ts';
import { spaceToDepth } from './space-to-depth.ts';
import { split } from './split.ts';
import { sub } from './sub.ts';
import { takeToken } from './take-token.ts';
import { tanh } from './tanh.ts';
import { times } from './times.ts';
import { toImage } from './to-image.ts';
import { tokens } from './tokens.ts';
import { transpose } from './transpose.ts';
import { upsample } from './upsample.ts';

/** Every op of the language, in the order of manuals and completion. */
const OPS: readonly OpDefinition[] = [
  conv,
  dwconv,
  convTranspose,
  dense,
  attention,
  attend,
  se,
  scale,
  bn,
  layernorm,
  groupnorm,
  rmsnorm,
  lrn,
  relu,
  relu6,
  leakyRelu,
  prelu,
  elu,
  gelu,
  silu,
  hardswish,
  mish,
  softplus,
  sigmoid,
  hardsigmoid,
  tanh,
  softmax,
  maxpool,
  avgpool,
  adaptiveAvgpool,
  blurpool,
  gap,
  gmp,
  meanChannels,
  maxChannels,
  meanTokens,
  flatten,
  tokens,
  toImage,
  transpose,
  posembed,
  clsToken,
  takeToken,
  upsample,
  resize,
  resizeLike,
  pad,
  crop,
  spaceToDepth,
  depthToSpace,
  slice,
  split,
  channelShuffle,
  dropout,
  times,
  identity,
  add,
  sub,
  mul,
  concat,
  none,
  skipConnect,
  norConv1x1,
  norConv3x3,
  avgPool3x3,
];

/** The ops by name. */
export const opRegistry: ReadonlyMap<string, OpDefinition> = new Map(OPS.map((op) => [op.name, op]));
