import { own } from '../base/own.ts';

/** Arguments of other frameworks with what they are called here; none for what is known from the flow, or has no counterpart here. */
const names: Readonly<Record<string, readonly string[]>> = {
  out_channels: ['out'],
  out_features: ['out'],
  filters: ['out'],
  units: ['out'],
  kernel_size: ['kernel'],
  filt_size: ['kernel'],
  output_size: ['size', 'positions'],
  pool_size: ['kernel'],
  ksize: ['kernel'],
  k: ['kernel'],
  strides: ['stride'],
  s: ['stride'],
  pad: ['padding'],
  pads: ['padding'],
  dilation_rate: ['dilation'],
  group: ['groups'],
  num_groups: ['groups'],
  upscale_factor: ['block'],
  downscale_factor: ['block'],
  block_size: ['block'],
  use_bias: ['bias'],
  epsilon: ['eps'],
  p: ['rate', 'padding'],
  drop_prob: ['rate'],
  negative_slope: ['slope'],
  alpha: ['slope'],
  scale_factor: ['factor'],
  num_heads: ['heads'],
  n_heads: ['heads'],
  key_dim: ['head_dim'],
  dim_head: ['head_dim'],
  reduction: ['ratio'],
  reduction_ratio: ['ratio'],
  depth_multiplier: ['multiplier'],
  in_channels: [],
  in_features: [],
  num_features: [],
  num_channels: [],
  normalized_shape: [],
  embed_dim: [],
  input_shape: [],
  input_dim: [],
  inplace: [],
  dim: [],
  axis: [],
  momentum: [],
  affine: [],
  track_running_stats: [],
  data_format: [],
  name: [],
};

/**
 * What an argument of PyTorch, Keras or TensorFlow is called here: the first of its names that `known` accepts; `''` where it is to be
 * left out, because its value is known from the flow or has no counterpart here.
 */
export function argumentNamed(name: string, known: (name: string) => boolean): string | undefined {
  const ours = own(names, name);
  return ours?.length === 0 ? '' : ours?.find(known);
}
