/**
 * Images whose channels have mean 0 and variance 1 over all of them, as N(0, 1) has, which they stand for. A channel that
 * is the same everywhere is 0.
 *
 * @param values `[count, channels, height, width]`, row-major
 */
export function normalised(
  values: Float32Array,
  count: number,
  [channels, height, width]: readonly [number, number, number],
): Float32Array {
  const area = height * width;
  const out = new Float32Array(values.length);
  for (let channel = 0; channel < channels; channel += 1) {
    let [sum, squares] = [0, 0];
    const each = (use: (index: number) => void): void => {
      for (let image = 0; image < count; image += 1) {
        const start = (image * channels + channel) * area;
        for (let index = start; index < start + area; index += 1) use(index);
      }
    };
    each((index) => {
      sum += values[index]!;
    });
    const mean = sum / (count * area);
    each((index) => {
      squares += (values[index]! - mean) ** 2;
    });
    const deviation = Math.sqrt(squares / (count * area));
    each((index) => {
      out[index] = deviation === 0 ? 0 : (values[index]! - mean) / deviation;
    });
  }
  return out;
}
