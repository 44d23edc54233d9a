import { URI, Utils } from 'vscode-uri';

/** A URI in its parts; undefined for what is none, or cannot be written as one (half a surrogate pair). */
export function parsedUri(uri: string): URI | undefined {
  try {
    const parsed = URI.parse(uri);
    // Most of what is wrong is noticed only when it is written.
    parsed.toString();
    return parsed;
  } catch {
    return undefined;
  }
}

/** One spelling for every URI: editors escape more or less of it. What is no URI is spelled in one way only. */
export function sameUri(uri: string): string {
  return parsedUri(uri)?.toString() ?? uri;
}

/** Where a relative path leads from a file; undefined where that cannot be said. */
export function uriFrom(file: string, path: string): string | undefined {
  const parsed = parsedUri(file);
  if (parsed === undefined) return undefined;
  try {
    return Utils.joinPath(Utils.dirname(parsed), path).toString();
  } catch {
    return undefined;
  }
}

/** The last part of a URI, as people write it. */
export function fileNameOf(uri: string): string {
  return decoded(uri.slice(uri.lastIndexOf('/') + 1));
}

/** A part of a URI as people write it; as it is where its escapes are no text. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
