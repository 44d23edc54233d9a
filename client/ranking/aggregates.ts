import * as vscode from 'vscode';
import { ownAggregate, type ProxyAggregate } from '../../server/proxies/aggregates.ts';
import { columnNamed } from '../../server/proxies/ranking-columns.ts';
import type { ColumnSpec } from '../../server/proxies/column-spec.ts';

const section = 'archlens.aggregates';

/** The aggregates of the settings, and what is wrong with the others. */
export function ownAggregates(): {
  readonly aggregates: readonly ProxyAggregate[];
  readonly problems: readonly string[];
} {
  const raw = vscode.workspace.getConfiguration().get<unknown>(section);
  const aggregates: ProxyAggregate[] = [];
  const problems: string[] = [];
  for (const [name, parts] of Object.entries(typeof raw === 'object' && raw !== null ? raw : {})) {
    try {
      if (!Array.isArray(parts)) throw new RangeError(`${name} must be a list of proxies.`);
      aggregates.push(ownAggregate(name, parts.map(String)));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { aggregates, problems };
}

export function onAggregatesChanged(run: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) run();
  });
}

/** The columns of some names; those that there are no more are left out. */
export function columnsNamed(names: readonly string[]): readonly ColumnSpec[] {
  const { aggregates } = ownAggregates();
  return names.flatMap((name) => {
    try {
      return [columnNamed(name, aggregates)];
    } catch {
      return [];
    }
  });
}
