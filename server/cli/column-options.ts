import { chosenColumns, type ColumnChoice, type ColumnNames } from '../proxies/column-choice.ts';
import { UsageError } from './terminal.ts';

/** What `--proxies`, `--aggregate` and `--ablation` name. @throws UsageError for names that there are not */
export function columnsOf(flags: ColumnNames): ColumnChoice {
  try {
    return chosenColumns(flags);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
