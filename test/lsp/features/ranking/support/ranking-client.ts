import {
  openRanking,
  rankingChanged,
  startRanking,
  stopRanking,
} from '../../../../../server/protocol/ranking.ts';
import type { RankingEntry } from '../../../../../server/ranking/entry.ts';
import type { RankingProgress } from '../../../../../server/ranking/progress.ts';
import { formatRank } from '../../../../../server/ranking/rank-range.ts';
import { rankEntries } from '../../../../../server/ranking/ranking.ts';
import type { TestClient } from '../../../support/client.ts';

export const net = (name: string, width: number, depth = 1): string => `model ${name} {
  input 8x8x3
  classes 4
  ${Array.from({ length: depth }, () => `conv(${width}, 3x3) -> bn -> relu`).join(' -> ')}
  gap -> dense(classes)
}
`;

/** What the client of a ranking knows: it follows the news. */
export class RankingClient {
  readonly client: TestClient;
  readonly entries = new Map<string, RankingEntry>();
  progress: RankingProgress = { state: 'closed', done: 0, total: 0, computed: 0 };

  private constructor(client: TestClient) {
    this.client = client;
    client.connection.onNotification(rankingChanged, ({ entries, removed, progress }) => {
      for (const entry of entries) this.entries.set(entry.id, entry);
      for (const id of removed) this.entries.delete(id);
      this.progress = progress;
      client.wake();
    });
  }

  static async open(client: TestClient): Promise<RankingClient> {
    const ranking = new RankingClient(client);
    const { entries, progress } = await client.connection.sendRequest(openRanking);
    for (const entry of entries) ranking.entries.set(entry.id, entry);
    ranking.progress = progress;
    return ranking;
  }

  async start(): Promise<void> {
    await this.client.connection.sendRequest(startRanking);
  }

  async stop(): Promise<void> {
    await this.client.connection.sendRequest(stopRanking);
  }

  /** `model state`, in the order of the files. */
  states(): string[] {
    const { groups, rest } = rankEntries([...this.entries.values()], 'file');
    return [...groups.flatMap((group) => group.rows), ...rest].map(
      ({ entry, rank }) =>
        `${entry.file} ${entry.model} ${entry.state}${rank === undefined ? '' : ` #${formatRank(rank)}`}`,
    );
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    await this.client
      .until(what, () => (holds() ? true : undefined))
      .catch((error: unknown) => {
        throw new Error(`${this.states().join('\n')}\n${JSON.stringify(this.progress)}`, { cause: error });
      });
  }

  async settled(computed: number): Promise<void> {
    await this.until(
      `a ranking that computed ${computed}`,
      () => this.progress.state === 'idle' && this.progress.computed === computed,
    );
  }

  id(model: string): string {
    const entry = [...this.entries.values()].find((candidate) => candidate.model === model);
    if (entry === undefined) throw new Error(`There is no ${model}.`);
    return entry.id;
  }
}
