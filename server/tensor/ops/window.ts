import type { Op } from '../ir.ts';
import type { Numbers, Tensor } from '../array.ts';

type Four = readonly [number, number, number, number];

/** Output positions whose tap at `offset` (= kernel index · dilation − pad) falls inside the operand. */
function validRange(offset: number, stride: number, extent: number, outExtent: number): [number, number] {
  const first = Math.max(0, Math.ceil(-offset / stride));
  const last = Math.min(outExtent - 1, Math.floor((extent - 1 - offset) / stride));
  return [first, last];
}

export function conv2d(
  op: Extract<Op, { readonly op: 'conv2d' }>,
  x: Tensor,
  weight: Tensor,
  shape: readonly number[],
  out: Numbers,
): void {
  const [batch, outputs, outHeight, outWidth] = shape as Four;
  const [, inputs, height, width] = x.shape as Four;
  const [, perGroup, kernelHeight, kernelWidth] = weight.shape as Four;
  const outputsPerGroup = outputs / op.groups;
  const [strideY, strideX] = op.stride;
  const [top, left] = op.pads;
  const [dilationY, dilationX] = op.dilation;
  const sums = new Float64Array(outHeight * outWidth);

  for (let b = 0; b < batch; b += 1) {
    for (let o = 0; o < outputs; o += 1) {
      sums.fill(0);
      const firstInput = Math.floor(o / outputsPerGroup) * perGroup;
      for (let i = 0; i < perGroup; i += 1) {
        const plane = (b * inputs + firstInput + i) * height * width;
        for (let ky = 0; ky < kernelHeight; ky += 1) {
          const offsetY = ky * dilationY - top;
          const [y0, y1] = validRange(offsetY, strideY, height, outHeight);
          for (let kx = 0; kx < kernelWidth; kx += 1) {
            const w = weight.data[((o * perGroup + i) * kernelHeight + ky) * kernelWidth + kx]!;
            if (w === 0) continue;
            const offsetX = kx * dilationX - left;
            const [x0, x1] = validRange(offsetX, strideX, width, outWidth);
            for (let y = y0; y <= y1; y += 1) {
              let p = plane + (y * strideY + offsetY) * width + x0 * strideX + offsetX;
              for (let q = y * outWidth + x0, end = y * outWidth + x1; q <= end; q += 1, p += strideX) {
                sums[q]! += w * x.data[p]!;
              }
            }
          }
        }
      }
      out.set(sums, (b * outputs + o) * sums.length);
    }
  }
}

export function pool(
  op: Extract<Op, { readonly op: 'pool' }>,
  x: Tensor,
  shape: readonly number[],
  out: Numbers,
): void {
  const [batch, channels, outHeight, outWidth] = shape as Four;
  const [, , height, width] = x.shape as Four;
  const [strideY, strideX] = op.stride;
  const [top, left] = op.pads;
  const largest = op.fn === 'max';
  for (let plane = 0; plane < batch * channels; plane += 1) {
    for (let y = 0; y < outHeight; y += 1) {
      const y0 = Math.max(0, y * strideY - top);
      const y1 = Math.min(height, y * strideY - top + op.kernel[0]);
      for (let z = 0; z < outWidth; z += 1) {
        const x0 = Math.max(0, z * strideX - left);
        const x1 = Math.min(width, z * strideX - left + op.kernel[1]);
        let result = largest ? -Infinity : 0;
        for (let v = y0; v < y1; v += 1) {
          for (let u = x0; u < x1; u += 1) {
            const value = x.data[(plane * height + v) * width + u]!;
            result = largest ? Math.max(result, value) : result + value;
          }
        }
        out[(plane * outHeight + y) * outWidth + z] = result;
      }
    }
  }
}
