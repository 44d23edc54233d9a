/**
 * Whether the second and third number of a convolution are a width and a kernel, as in `conv(3, 64, 3)`, not a kernel and a stride: nobody
 * has a kernel of 8 and more with a stride below it that is given by its place.
 */
export function isNoKernel(second: number, third: number): boolean {
  return second >= 8 && third < second;
}
