import { norConv } from '../parts/nor-conv.ts';

export const norConv1x1 = norConv('nor_conv_1x1', [1, 1]);
