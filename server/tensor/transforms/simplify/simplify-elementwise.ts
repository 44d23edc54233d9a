import type { Value } from '../../builder.ts';
import type { BinaryFn, UnaryFn } from '../../ir.ts';
import type { Rewriter } from './rewriter.ts';
import { joinedPads } from './scaled-ops.ts';
import { product, uniformOf, unscaled, type Scaled } from './scaled.ts';
import { sameExtents } from '../../shapes.ts';

export function rewriteUnary(r: Rewriter, fn: UnaryFn, x: Scaled): Scaled {
  const applied = (): Value => r.apply({ op: 'unary', fn }, [x.value]);
  if (fn === 'neg') return { value: x.value, scale: -x.scale };
  if (fn === 'abs') return { value: applied(), scale: Math.abs(x.scale) };
  if (fn === 'relu' && x.scale > 0) {
    const { op } = r.madeOf(x.value);
    const positive = op.op === 'unary' && (op.fn === 'relu' || op.fn === 'step');
    return { value: positive ? x.value : applied(), scale: x.scale };
  }
  if (fn === 'step' && x.scale > 0) return unscaled(applied());
  return unscaled(r.apply({ op: 'unary', fn }, [product(r, x)]));
}

export function rewriteBinary(
  r: Rewriter,
  fn: BinaryFn,
  x: Scaled,
  y: Scaled,
  shape: readonly number[],
): Scaled {
  const applied = (as: BinaryFn): Value => r.apply({ op: 'binary', fn: as }, [x.value, y.value]);
  const exact = (): Scaled => unscaled(r.apply({ op: 'binary', fn }, [product(r, x), product(r, y)]));
  const [c, d] = [uniformOf(r, x), uniformOf(r, y)];
  const whole = (term: Scaled): Value =>
    sameExtents(term.value.shape, shape) ? term.value : r.apply({ op: 'broadcast', shape }, [term.value]);
  const plus = (term: Scaled, scale: number, shift: number): Scaled =>
    shift === 0
      ? { value: whole(term), scale }
      : unscaled(r.apply({ op: 'affine', scale, shift }, [whole(term)]));
  switch (fn) {
    case 'add':
      if (d !== undefined) return plus(x, x.scale, d);
      if (c !== undefined) return plus(y, y.scale, c);
      return sum(r, x, y);
    case 'sub':
      if (d !== undefined) return plus(x, x.scale, -d);
      if (c !== undefined) return plus(y, -y.scale, c);
      return sum(r, x, { value: y.value, scale: -y.scale });
    case 'mul':
      if (d !== undefined) return { value: whole(x), scale: x.scale * d };
      if (c !== undefined) return { value: whole(y), scale: y.scale * c };
      return { value: applied('mul'), scale: x.scale * y.scale };
    case 'div':
      if (d !== undefined && d !== 0) return { value: whole(x), scale: x.scale / d };
      return { value: applied('div'), scale: x.scale / y.scale };
    case 'max':
    case 'min':
      return x.scale === y.scale && x.scale > 0 ? { value: applied(fn), scale: x.scale } : exact();
    case 'equal':
      return x.scale === y.scale ? unscaled(applied('equal')) : exact();
  }
}

function sum(r: Rewriter, x: Scaled, y: Scaled): Scaled {
  const joined = joinedPads(r, x, y);
  if (joined !== undefined) return joined;
  const applied = (fn: 'add' | 'sub', a: Value, c: Value): Value => r.apply({ op: 'binary', fn }, [a, c]);
  if (x.scale === y.scale) return { value: applied('add', x.value, y.value), scale: x.scale };
  if (x.scale === -y.scale) return { value: applied('sub', x.value, y.value), scale: x.scale };
  // A negative term is subtracted, which saves a product with −1.
  if (y.scale < 0) {
    const negated = product(r, { value: y.value, scale: -y.scale });
    return unscaled(applied('sub', product(r, x), negated));
  }
  if (x.scale < 0) {
    const negated = product(r, { value: x.value, scale: -x.scale });
    return unscaled(applied('sub', product(r, y), negated));
  }
  return unscaled(applied('add', product(r, x), product(r, y)));
}
