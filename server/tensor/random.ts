/**
 * Deterministic draws. A stream depends on (seed, name) only, and its first values do not depend on how many are
 * drawn; so a tensor keeps its values whatever is edited elsewhere in the network.
 *
 * Streams are xoshiro128** (Blackman & Vigna 2021) started from a 128-bit hash of seed and name. Normal draws use the
 * ziggurat of Marsaglia & Tsang with Doornik's independent choice of layer (2005): 99 % of the values come from
 * a product and a comparison alone, which gives the same bits on every machine, unlike sines and logarithms.
 */

type State = readonly [number, number, number, number];

/** Fills `out` with independent N(0, std²), as float32 numbers. */
export function fillNormals(out: Float32Array | Float64Array, seed: number, name: string, std: number): void {
  const stream = new Stream(seed, name);
  for (let i = 0; i < out.length;) i = fillCentres(out, i, stream, std);
}

/**
 * Fills from `start` while draws fall inside their layers, then settles one that does not; returns where it stopped. The
 * state is in local variables here, because nearly all the time of drawing is spent in this loop.
 */
function fillCentres(out: Float32Array | Float64Array, start: number, stream: Stream, std: number): number {
  let { s0, s1, s2, s3 } = stream;
  let i = start;
  let layer = 0;
  let u = 0;
  for (; i < out.length; i += 1) {
    layer = Math.imul(rotate(Math.imul(s1, 5), 7), 9) & (layers - 1);
    let t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotate(s3, 11);
    u = (Math.imul(rotate(Math.imul(s1, 5), 7), 9) + 0.5) * 2 ** -31;
    t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotate(s3, 11);
    const x = u * layerEdges[layer]!;
    if (Math.abs(x) >= layerEdges[layer + 1]!) break;
    out[i] = Math.fround(std * x);
  }
  Object.assign(stream, { s0, s1, s2, s3 });
  if (i === out.length) return i;
  const x = settle(layer, u, stream);
  if (x === undefined) return i;
  out[i] = Math.fround(std * x);
  return i + 1;
}

/** The value of a draw outside the centre of its layer; undefined when it is rejected. */
function settle(layer: number, u: number, stream: Stream): number | undefined {
  const uniform = (): number => ((stream.next() >>> 0) + 0.5) * 2 ** -32;
  if (layer === 0) return Math.sign(u) * tail(uniform);
  const edge = layerEdges[layer]!;
  const x = u * edge;
  // Floor and ceiling of the layer, relative to the density at x.
  const floor = Math.exp(-0.5 * (edge * edge - x * x));
  const ceiling = Math.exp(-0.5 * (layerEdges[layer + 1]! ** 2 - x * x));
  return floor + uniform() * (ceiling - floor) < 1 ? x : undefined;
}

/** Fills `out` with independent ±scale, each sign with probability ½. */
export function fillSigns(out: Float32Array | Float64Array, seed: number, name: string, scale: number): void {
  const stream = new Stream(seed, name);
  const magnitude = Math.fround(scale);
  let word = 0;
  for (let i = 0; i < out.length; i += 1) {
    if (i % 32 === 0) word = stream.next();
    out[i] = (word & 1) === 0 ? magnitude : -magnitude;
    word >>>= 1;
  }
}

/** What `fillSigns` writes, a bit each: a thirty-second of the memory. */
export function signBits(length: number, seed: number, name: string): Int32Array {
  const stream = new Stream(seed, name);
  return new Int32Array(Math.ceil(length / 32)).map(() => stream.next());
}

/** Fills `out` with those from `start` on of which `signBits` has the bits. */
export function fillFromBits(out: Float32Array, bits: Int32Array, start: number, scale: number): void {
  const magnitude = Math.fround(scale);
  for (let i = 0; i < out.length; i += 1) {
    const place = start + i;
    out[i] = ((bits[place >>> 5]! >>> (place & 31)) & 1) === 0 ? magnitude : -magnitude;
  }
}

/** Whole numbers from 0 to below a bound of at most 2³², each with the same probability. */
export function integerStream(seed: number, name: string): (bound: number) => number {
  const stream = new Stream(seed, name);
  return (bound) => {
    // Values beyond the last whole multiple of the bound would favour small results.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const value = stream.next() >>> 0;
      if (value < limit) return value % bound;
    }
  };
}

/** The stream of (seed, name): signed 32-bit integers. */
class Stream {
  s0: number;
  s1: number;
  s2: number;
  s3: number;

  constructor(seed: number, name: string) {
    [this.s0, this.s1, this.s2, this.s3] = startState(seed, name);
  }

  next(): number {
    const result = Math.imul(rotate(Math.imul(this.s1, 5), 7), 9);
    const t = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= t;
    this.s3 = rotate(this.s3, 11);
    return result;
  }
}

/** A 128-bit hash of seed and name: four lanes that absorb every code unit and mix with each other. */
function startState(seed: number, name: string): State {
  if (!Number.isSafeInteger(seed)) throw new TypeError(`seed: required: an integer, got ${seed}`);
  let a = 0x9e3779b9 ^ (seed | 0);
  let b = 0x243f6a88 ^ Math.floor(seed / 2 ** 32);
  let c = 0xb7e15162 ^ name.length;
  let d = 0xdeadbeef;
  for (let i = -1; i < name.length; i += 1) {
    const unit = i < 0 ? 0x10000 : name.charCodeAt(i);
    a = Math.imul(rotate(a ^ unit, 13) + d, 0x85ebca6b);
    b = Math.imul(rotate(b ^ a, 17) + unit, 0xc2b2ae35);
    c = Math.imul(rotate(c ^ b, 19) + a, 0x27d4eb2f);
    d = Math.imul(rotate(d ^ c, 15) + b, 0x165667b1);
  }
  a = avalanche(a + d);
  b = avalanche(b ^ a);
  c = avalanche(c + b);
  d = avalanche(d ^ c);
  // The all-zero state is the one xoshiro cannot leave.
  return [avalanche(a ^ d), b, c, d | 1];
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

/** The finaliser of MurmurHash3. */
function avalanche(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const layers = 256;
/** Where the base layer ends and the tail begins, and the area of every layer, for 256 layers (Marsaglia & Tsang). */
const tailStart = 3.6541528853610088;
const layerArea = 0.00492867323399;

const layerEdges = buildLayers();

function buildLayers(): Float64Array {
  const density = (x: number): number => Math.exp(-0.5 * x * x);
  const edges = new Float64Array(layers + 1);
  edges[0] = layerArea / density(tailStart);
  edges[1] = tailStart;
  for (let i = 2; i < layers; i += 1) {
    const x = edges[i - 1]!;
    edges[i] = Math.sqrt(-2 * Math.log(layerArea / x + density(x)));
  }
  return edges;
}

/** A normal draw beyond `tailStart` (Marsaglia 1964). */
function tail(uniform: () => number): number {
  for (;;) {
    const x = -Math.log(uniform()) / tailStart;
    const y = -Math.log(uniform());
    if (2 * y >= x * x) return tailStart + x;
  }
}
