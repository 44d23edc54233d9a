/** A number as the language writes it, to the last bit. @throws RangeError for one that it cannot write */
export function numberText(value: number): string {
  if (!(value >= 0 && value < Infinity))
    throw new RangeError(`${value} is no number of the language: numbers are finite and not negative.`);
  // Whole numbers are exact up to here only: the language wants an exponent for what is beyond.
  const text = value > Number.MAX_SAFE_INTEGER ? value.toExponential() : String(value);
  return text.replace('e+', 'e');
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\t', '\\t'],
]);

/** A string with its quotes. @throws RangeError for one that the language cannot write */
export function stringText(value: string): string {
  if (value.includes('\r')) throw new RangeError('Strings of the language hold no carriage returns.');
  return `"${value.replace(/["\\\n\t]/g, (character) => escapes.get(character) ?? `\\${character}`)}"`;
}
