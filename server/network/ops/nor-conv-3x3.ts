import { norConv } from '../parts/nor-conv.ts';

export const norConv3x3 = norConv('nor_conv_3x3', [3, 3]);
