import { overChannels } from '../parts/over-channels.ts';

export const meanChannels = overChannels('mean', {
  name: 'mean_channels',
  summary: 'The mean over the channels at each position of an image, as one channel.',
  doc: `\`y = mean_c x[c]\`; of tokens the mean of each token. With \`max_channels\` the input of spatial attention in CBAM ([Woo et al., 2018](https://arxiv.org/abs/1807.06521)).`,
});
