import { overChannels } from '../parts/over-channels.ts';

export const maxChannels = overChannels('max', {
  name: 'max_channels',
  summary: 'The maximum over the channels at each position of an image, as one channel.',
  doc: `\`y = max_c x[c]\`; of tokens the maximum of each token ([Woo et al., 2018](https://arxiv.org/abs/1807.06521)).`,
});
