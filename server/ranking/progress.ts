/** What the ranking of a workspace is doing. */
export interface RankingProgress {
  readonly state:
    /** Nobody asked for it yet. */
    | 'closed'
    /** Reads files, and looks for stored scores. */
    | 'listing'
    /** Scores what has no score yet. */
    | 'scoring'
    /** Computes other scores of models that have one, for the columns that are shown. */
    | 'measuring'
    /** Has nothing to do; follows changes. */
    | 'idle'
    /** Was stopped, or not started: models without a stored score stay without one. */
    | 'stopped';
  /** Models with a score, a failure or errors: those that nothing more is to be done for. */
  readonly done: number;
  readonly total: number;
  /** Models scored by the engine since the server started; the others came from the store. */
  readonly computed: number;
  /** The model being scored or measured. */
  readonly current?: string;
}
