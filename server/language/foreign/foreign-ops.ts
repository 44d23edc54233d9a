import { own } from '../../base/own.ts';

/** How an op of another framework is said here. */
export interface ForeignOp {
  /** Names of ours; several where it is a flow. */
  readonly op: string;
  /**
   * What its arguments without a name are called here, in their order; `''` for one that has no counterpart here, because it is known
   * from the flow; `positions` for how many a pooling leaves, which is one here.
   */
  readonly order: readonly string[];
  /** What is said of it where it is left out there, for which the default here is another. */
  readonly otherwise?: Readonly<Record<string, string>>;
  /** With a single argument without a name, this is what it is called here. */
  readonly alone?: string;
  /** What has the same name elsewhere, and is meant where the arguments are not those of this. */
  readonly or?: ForeignOp;
  /** Its first number is the width of what flows in only where the second cannot be a kernel; `or` is meant then, if there is one. */
  readonly orWithWidth?: true;
}

const kerasConv: ForeignOp = {
  op: 'conv',
  order: ['out', 'kernel', 'stride', 'padding', '', 'dilation', 'groups', 'activation', 'bias'],
  otherwise: { padding: 'valid', bias: 'true' },
};

const conv2d: ForeignOp = {
  op: 'conv',
  order: ['', 'out', 'kernel', 'stride', 'padding', 'dilation', 'groups', 'bias'],
  otherwise: { padding: 'valid', bias: 'true' },
  or: kerasConv,
};

/** `conv(3, 64, 3)`, as PyTorch has it. */
const convWithWidth: ForeignOp = {
  op: 'conv',
  order: ['', 'out', 'kernel', 'stride', 'padding', 'dilation', 'groups', 'bias'],
  orWithWidth: true,
};

const plainConv: ForeignOp = {
  op: 'conv',
  order: ['out', 'kernel', 'stride', 'padding'],
  or: convWithWidth,
  orWithWidth: true,
};
const depthwise: ForeignOp = { op: 'dwconv', order: ['kernel', 'stride', 'padding', 'multiplier'] };
const pool = (op: string): ForeignOp => ({ op, order: ['kernel', 'stride', 'padding'] });
const plain = (op: string): ForeignOp => ({ op, order: [] });
const norm = (op: string): ForeignOp => ({ op, order: ['', 'eps'] });
const merge = (op: string): ForeignOp => ({ op, order: ['tensors'] });

const adaptive: ForeignOp = {
  op: 'gap',
  order: ['positions'],
  or: { op: 'adaptive_avgpool', order: ['size'] },
};

/** Ops of ours whose first number people expect to be the width of what flows in, or to follow it. */
export const withWidth: Readonly<Record<string, ForeignOp>> = {
  bn: norm('bn'),
  layernorm: norm('layernorm'),
  groupnorm: { op: 'groupnorm', order: ['groups', ''] },
  dense: { op: 'dense', order: ['', 'out', 'bias'] },
  attention: { op: 'attention', order: ['', 'heads'] },
  conv: convWithWidth,
};

/** By their names as they are written, where the frameworks tell them apart by capitals alone. */
const exact: Readonly<Record<string, ForeignOp>> = {
  Conv2d: conv2d,
  LazyConv2d: kerasConv,
  Conv2D: kerasConv,
  Convolution2D: kerasConv,
  ConvTranspose2d: {
    op: 'conv_transpose',
    order: ['', 'out', 'kernel', 'stride', 'padding', 'output_padding', 'groups', 'bias', 'dilation'],
    otherwise: { padding: 'valid', bias: 'true' },
  },
  Conv2DTranspose: {
    op: 'conv_transpose',
    order: ['out', 'kernel', 'stride', 'padding', 'output_padding', '', 'dilation', 'activation', 'bias'],
    otherwise: { padding: 'valid', bias: 'true' },
  },
  SeparableConv2D: {
    op: 'dwconv -> conv',
    order: ['out', 'kernel', 'stride', 'padding'],
    otherwise: { padding: 'valid', bias: 'true' },
  },
  DepthwiseConv2D: { ...depthwise, otherwise: { padding: 'valid', bias: 'true' } },
  Linear: { op: 'dense', order: ['', 'out', 'bias'], alone: 'out' },
  LazyLinear: { op: 'dense', order: ['out', 'bias'] },
  Dense: { op: 'dense', order: ['out', 'activation', 'bias'] },
  BatchNorm2d: norm('bn'),
  BatchNorm1d: norm('bn'),
  BatchNormalization: { op: 'bn', order: ['', '', 'eps'], otherwise: { eps: '0.001' } },
  LayerNorm: norm('layernorm'),
  LayerNormalization: { op: 'layernorm', order: ['', 'eps'], otherwise: { eps: '0.001' } },
  GroupNorm: { op: 'groupnorm', order: ['groups', '', 'eps'] },
  GroupNormalization: { op: 'groupnorm', order: ['groups', '', 'eps'] },
  MultiheadAttention: { op: 'attention', order: ['', 'heads'] },
  MultiHeadAttention: { op: 'attention', order: ['heads', 'head_dim'] },
  // Its mean counts the padding, unlike that of Keras and ours.
  AvgPool2d: {
    op: 'avgpool',
    order: ['kernel', 'stride', 'padding', 'ceil_mode', 'count_include_pad'],
    otherwise: { count_include_pad: 'true' },
  },
  RMSNorm: norm('rmsnorm'),
  LocalResponseNorm: { op: 'lrn', order: ['size', 'alpha', 'beta', 'k'] },
  PixelUnshuffle: { op: 'space_to_depth', order: ['block'] },
  PixelShuffle: { op: 'depth_to_space', order: ['block'] },
  ChannelShuffle: { op: 'channel_shuffle', order: ['groups'] },
  // Above, below, left and right, unless all are alike.
  ZeroPadding2D: { op: 'pad', order: ['before'] },
  ZeroPad2d: { op: 'pad', order: ['before'] },
  Cropping2D: { op: 'crop', order: ['before'] },
  // One factor for all channels, unless it is told how many.
  PReLU: {
    op: 'prelu',
    order: [],
    otherwise: { shared: 'true' },
    or: { op: 'prelu', order: ['', 'init'] },
  },
  Upsample: { op: 'upsample', order: ['', 'factor', 'mode'] },
  UpSampling2D: { op: 'upsample', order: ['factor'] },
  BlurPool2d: { op: 'blurpool', order: ['', 'kernel', 'stride'] },
  Rescaling: { op: 'times', order: ['factor'] },
};

/** By their names in small letters without underscores. */
const folded: Readonly<Record<string, ForeignOp>> = {
  conv2d: plainConv,
  convolution: plainConv,
  convolution2d: plainConv,
  conv: plainConv,
  depthwise,
  depthwiseconv: depthwise,
  depthwiseconv2d: depthwise,
  dwconv2d: depthwise,
  dwconv: depthwise,
  linear: { op: 'dense', order: ['', 'out', 'bias'], alone: 'out' },
  fc: { op: 'dense', order: ['', 'out', 'bias'], alone: 'out' },
  fullyconnected: { op: 'dense', order: ['', 'out', 'bias'], alone: 'out' },
  dense: { op: 'dense', order: ['out', 'bias'] },
  batchnorm: norm('bn'),
  batchnorm2d: norm('bn'),
  batchnormalization: norm('bn'),
  bn: norm('bn'),
  layernorm: norm('layernorm'),
  layernormalization: norm('layernorm'),
  ln: norm('layernorm'),
  groupnorm: { op: 'groupnorm', order: ['groups', ''] },
  globalaveragepooling2d: plain('gap'),
  globalaveragepool: plain('gap'),
  globalavgpool: plain('gap'),
  globalavgpool2d: plain('gap'),
  adaptiveavgpool: adaptive,
  adaptiveavgpool2d: adaptive,
  adaptiveaveragepooling2d: adaptive,
  interpolate: { op: 'resize', order: ['size', '', 'mode'] },
  resizing: { op: 'resize', order: ['size'] },
  adaptivemaxpool2d: { op: 'gmp', order: ['positions'] },
  globalmaxpooling2d: plain('gmp'),
  globalmaxpool: plain('gmp'),
  globalmaxpool2d: plain('gmp'),
  maxpool2d: pool('maxpool'),
  maxpooling2d: pool('maxpool'),
  maxpooling: pool('maxpool'),
  maxpool: pool('maxpool'),
  avgpool2d: pool('avgpool'),
  averagepooling2d: pool('avgpool'),
  averagepool: pool('avgpool'),
  avgpool: pool('avgpool'),
  swish: plain('silu'),
  silu: plain('silu'),
  hswish: plain('hardswish'),
  hardswish: plain('hardswish'),
  hsigmoid: plain('hardsigmoid'),
  hardsigmoid: plain('hardsigmoid'),
  lrelu: { op: 'leaky_relu', order: ['slope'] },
  leakyrelu: { op: 'leaky_relu', order: ['slope'] },
  prelu: plain('prelu'),
  elu: { op: 'elu', order: ['alpha'] },
  mish: plain('mish'),
  softplus: plain('softplus'),
  relu: plain('relu'),
  relu6: plain('relu6'),
  gelu: plain('gelu'),
  sigmoid: plain('sigmoid'),
  tanh: plain('tanh'),
  softmax: plain('softmax'),
  flatten: plain('flatten'),
  view: plain('flatten'),
  reshape: plain('flatten'),
  dropout: { op: 'dropout', order: ['rate'] },
  dropout2d: { op: 'dropout', order: ['rate'] },
  spatialdropout2d: { op: 'dropout', order: ['rate'] },
  identity: plain('identity'),
  rmsnorm: norm('rmsnorm'),
  localresponsenorm: { op: 'lrn', order: ['size', 'alpha', 'beta', 'k'] },
  layerscale: plain('scale'),
  spacetodepth: { op: 'space_to_depth', order: ['block'] },
  depthtospace: { op: 'depth_to_space', order: ['block'] },
  pixelunshuffle: { op: 'space_to_depth', order: ['block'] },
  pixelshuffle: { op: 'depth_to_space', order: ['block'] },
  shuffle: { op: 'channel_shuffle', order: ['groups'] },
  upsample: { op: 'upsample', order: ['factor'] },
  upsampling2d: { op: 'upsample', order: ['factor'] },
  squeezeexcitation: { op: 'se', order: ['ratio'] },
  squeezeexcite: { op: 'se', order: ['ratio'] },
  selayer: { op: 'se', order: ['ratio'] },
  seblock: { op: 'se', order: ['ratio'] },
  semodule: { op: 'se', order: ['ratio'] },
  multiheadattention: { op: 'attention', order: ['heads'] },
  selfattention: { op: 'attention', order: ['heads'] },
  mhsa: { op: 'attention', order: ['heads'] },
  cat: merge('concat'),
  concatenate: merge('concat'),
  concat: merge('concat'),
  add: merge('add'),
  subtract: merge('sub'),
  sub: merge('sub'),
  multiply: merge('mul'),
  mul: merge('mul'),
};

/** The op of another framework that has this name, whatever its capitals and underscores. */
export function foreignOp(name: string): ForeignOp | undefined {
  return own(exact, name) ?? own(folded, name.toLowerCase().replaceAll('_', ''));
}
