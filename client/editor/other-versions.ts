/** Of the texts that this extension shows beside a file, to be accepted or not. */
export const proposalScheme = 'archlens-improved';

/** Of the versions that version control shows in a diff. */
const committedScheme = 'git';

/**
 * Whether a text is no document of the user's, but another version of one. The server never hears of these, so that nothing scores, lists
 * or follows them.
 */
export function isOtherVersion(scheme: string): boolean {
  return scheme === proposalScheme || scheme === committedScheme;
}

/** Why nothing can be done with the model at the cursor, in a document of this scheme. */
export function noModelText(scheme: string): string {
  if (scheme === proposalScheme)
    return 'Archlens: this text is a proposal. Press Accept or Discard above it, and go on in the file.';
  if (scheme === committedScheme)
    return 'Archlens: this is another version of the file, which is not scored. Open the file itself.';
  return 'Archlens: there is no model in this file.';
}
