/** Codes that the programs exit with. `docs/command-line.md` has the same table. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  fault: 70,
  output: 74,
  hangup: 129,
  interrupted: 130,
  brokenPipe: 141,
  terminated: 143,
} as const;

/** What each says, as the page has it. */
export const exitMeanings: Readonly<Record<keyof typeof exitCode, string>> = {
  ok: 'All that was asked for is there.',
  failed:
    'Something in the files is wrong, a file cannot be read, or a model has no score. What could be done was done.',
  usage: 'The command was called wrongly. Nothing was done.',
  fault: 'A fault of the program itself: an error nobody expected, or it did not come back.',
  output: 'Results could not be written: the disk is full, or reports an error.',
  hangup: 'SIGHUP: the terminal is gone.',
  interrupted: 'SIGINT: Ctrl-C.',
  brokenPipe: 'SIGPIPE: who read the results has gone, as `head` does.',
  terminated: 'SIGTERM.',
};
