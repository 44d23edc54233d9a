import { own } from '../server/base/own.ts';

const suffixes: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9 };

/** The value of a number as it is written, with its suffix; NaN for what is none. */
export function numberValue(image: string): number {
  const factor = own(suffixes, image.charAt(image.length - 1));
  return factor === undefined ? Number(image) : Number(image.slice(0, -1)) * factor;
}

export function dimsOf(image: string): readonly number[] {
  return image.split('x').map(Number);
}

/** What is wrong with a number or size that nothing can be computed with as it is written. */
export function rangeProblem(image: string): string | undefined {
  const values = /^\d+(?:x\d+)+$/.test(image) ? dimsOf(image) : [numberValue(image)];
  if (values.some((value) => value === Infinity))
    return 'This number is too large: numbers go up to 1.7e308.';
  if (values.length === 1 && values[0] === 0 && /^[\d.]*[1-9]/.test(image))
    return 'This number is too small to be told from 0: write 0, or at least 5e-324.';
  // Those with a point or an exponent are meant as approximations.
  if (/^[\dx]+[KMG]?$/.test(image) && values.some((value) => value > Number.MAX_SAFE_INTEGER))
    return 'Whole numbers are exact up to 9007199254740991 only: write an approximation with an exponent, as in 1e16.';
  return undefined;
}
