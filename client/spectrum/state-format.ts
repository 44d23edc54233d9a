/** Raised when what a page keeps changes its shape: what an earlier version of the extension kept is not read. */
export const stateFormat = 1;
