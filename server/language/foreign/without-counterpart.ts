import { own } from '../../base/own.ts';
import type { PythonCall } from './python-call.ts';

const recurrent = 'Recurrent layers are no part of the language: a network is a graph without cycles.';
const volumes =
  'The language has images and tokens: sequences are tokens (`input 128x64`), and volumes cannot be said.';
const order =
  'Images become tokens by `tokens` and images again by `to_image`; `transpose` lets places and channels change places.';
const noNeed = 'This is not needed: the shape of what flows is known.';

/** What to do instead of what other frameworks have and this language has not, by its name in small letters without underscores. */
const advice: Readonly<Record<string, string>> = {
  lstm: recurrent,
  gru: recurrent,
  rnn: recurrent,
  conv1d: volumes,
  conv3d: volumes,
  maxpool1d: volumes,
  avgpool1d: volumes,
  embedding:
    'Networks take images and tokens of numbers; learned positions are `posembed`, a learned class token is `cls_token`.',
  parameter:
    'Learned positions are `posembed`, a learned class token is `cls_token`, a learned factor for each channel is `scale`.',
  transformerencoder:
    'An encoder is `repeat 12 { Encoder }` over a block with the layers of `residual { layernorm -> attention(8) }` and `residual { layernorm -> dense(256) -> gelu -> dense(64) }`.',
  transformerencoderlayer:
    'A layer of an encoder is `residual { layernorm -> attention(8) }` and then `residual { layernorm -> dense(256) -> gelu -> dense(64) }`.',
  scaleddotproductattention:
    'Attention without its projections is `attend(heads)` here, of queries, keys and values along the channels; with them it is `attention(heads)`.',
  permute: order,
  transpose: order,
  swapaxes: order,
  rearrange: order,
  reducemean:
    'The mean over the places of an image is `gap`, over tokens `mean_tokens`, over channels `mean_channels`.',
  mean: 'The mean over the places of an image is `gap`, over tokens `mean_tokens`, over channels `mean_channels`.',
  max: 'The largest over the places of an image is `gmp`, over channels `max_channels`.',
  amax: 'The largest over the places of an image is `gmp`, over channels `max_channels`.',
  chunk: 'Parts of the channels are `split` and `slice` here.',
  unsqueeze: noNeed,
  squeeze: noNeed,
  contiguous: noNeed,
  to: noNeed,
  cuda: noNeed,
};

/** What stands before the name of what a framework has: `nn.LSTM`, `tf.keras.layers.LSTM`. */
const framework = /^(?:torch|nn|F|tf|keras|layers|einops|timm|torchvision)(?:\.\w+)*$/;

/** Names that say what they are by themselves too: others may be the user's. */
const isPlain = /^(?:mean|reduce_mean|max|amax|lstm|gru|rnn|permute|LSTM|GRU|Conv[13]d|Conv3D|Embedding)$/;

/** What is said of a call that has no counterpart here; nothing where it is none of another framework. */
export function withoutCounterpart({ qualifier, name, args }: PythonCall): string | undefined {
  const known = own(advice, name.toLowerCase().replaceAll('_', ''));
  if (qualifier === '')
    return known === undefined || !isPlain.test(name) ? undefined : `There is no \`${name}\` here. ${known}`;
  if (args === undefined) return undefined;
  if (known !== undefined) return `There is no \`${qualifier}.${name}\` here. ${known}`;
  return framework.test(qualifier)
    ? `There is no \`${qualifier}.${name}\` here. Completion (Ctrl+Space) lists all ops.`
    : undefined;
}
