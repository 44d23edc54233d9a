import type { Json } from './target.ts';

/** Where a value is inside another one: fields and indices. */
type Path = readonly (string | number)[];

/** How a string is cut into parts: the coarser way first. */
const cuts: readonly RegExp[] = [/[^\n]*\n|[^\n]+/g, /\w+\s*|\s+|[^\w\s]\s*/g, /[^]/g];

/**
 * Makes an input smaller as long as it fails: elements of lists, then lines, words and characters of strings go, a half of
 * them at a time, then a quarter … (delta debugging, Zeller and Hildebrandt 2002), and numbers become 0.
 *
 * @param fails whether an input still fails in the same way
 * @param hasTime asked before each trial
 */
export async function minimised(
  input: Json,
  fails: (smaller: Json) => Promise<boolean>,
  hasTime: () => boolean,
): Promise<Json> {
  let best = input;
  const tried = async (smaller: Json): Promise<boolean> => {
    if (!hasTime() || !(await fails(smaller))) return false;
    best = smaller;
    return true;
  };
  for (let size = Infinity; hasTime() && JSON.stringify(best).length < size;) {
    size = JSON.stringify(best).length;
    for (const path of pathsOf(best)) {
      const value = at(best, path);
      if (Array.isArray(value))
        await shorten(value as readonly Json[], (kept) => tried(put(best, path, kept)));
      else if (typeof value === 'string')
        for (const cut of cuts) {
          const parts = (at(best, path) as string).match(cut) ?? [];
          await shorten(parts, (kept) => tried(put(best, path, kept.join(''))));
        }
      else if (typeof value === 'number' && value !== 0 && !(await tried(put(best, path, 0))))
        await tried(put(best, path, Math.trunc(value)));
    }
  }
  return best;
}

/** Leaves out runs of parts, the longest first, as long as what is kept is accepted. */
async function shorten<Part>(
  parts: readonly Part[],
  accepted: (kept: readonly Part[]) => Promise<boolean>,
): Promise<void> {
  let kept = parts;
  for (let size = parts.length; size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < kept.length;) {
      const without = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (await accepted(without)) kept = without;
      else start += size;
    }
  }
}

/** All places of a value, outer ones first. Those inside a list that has become shorter are gone: `at` gives undefined. */
function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, child]) =>
    child === undefined ? [] : pathsOf(child, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [path, ...inner];
}

function at(value: Json, [first, ...rest]: Path): Json | undefined {
  if (first === undefined) return value;
  const child = (value as Readonly<Record<string, Json>> | null)?.[first];
  return child === undefined ? undefined : at(child, rest);
}

function put(value: Json, [first, ...rest]: Path, replacement: Json): Json {
  if (first === undefined) return replacement;
  const child = put((value as Readonly<Record<string, Json>>)[first]!, rest, replacement);
  if (Array.isArray(value)) return (value as readonly Json[]).with(first as number, child);
  return { ...(value as Readonly<Record<string, Json>>), [first]: child };
}
