import type { VNode } from 'preact';
import { formatInteger, plural } from '../../../server/base/quantities.ts';
import { columnOf } from '../../../server/proxies/column-spec.ts';
import { columnTexts } from '../../../server/ranking/columns.ts';
import { familiesOf } from '../../../server/ranking/comparisons.ts';
import { differences, groupTitle } from '../../../server/ranking/comparable.ts';
import { rankEntries } from '../../../server/ranking/ranking.ts';
import { judgedScore, poorKinds } from '../../../server/ranking/trust.ts';
import type { RankedGroup, Ranking } from '../../../server/ranking/ranking.ts';
import { mergedText, tasksOf, tasksText } from '../../../server/ranking/task.ts';
import { Trust } from './trust.tsx';
import type { FromLeaderboard, LeaderboardState, LeaderboardView } from '../protocol.ts';
import { Controls } from './controls.tsx';
import { costLabels, pointsOf } from './points.ts';
import { Scatter } from './scatter.tsx';
import { RankingTable } from './table.tsx';

export interface AppProps {
  /** Absent while the extension has not answered. */
  readonly view: LeaderboardView | undefined;
  readonly state: LeaderboardState;
  readonly change: (part: Partial<LeaderboardState>) => void;
  readonly post: (message: FromLeaderboard) => void;
}

export function App({ view, state, change, post }: AppProps): VNode {
  if (view === undefined)
    return (
      <div class="notice" aria-busy="true">
        <p>Asking for the ranking…</p>
      </div>
    );
  const { entries, sort, filter, mergeTasks, columns } = view;
  const ranking = rankEntries(entries, sort, filter, columns.map(columnOf), { mergeTasks });
  return (
    <>
      <Header view={view} post={post} />
      {entries.length === 0 ? (
        <Empty view={view} />
      ) : (
        <>
          <Controls
            measure={ranking.measure}
            filter={filter}
            tasks={tasksOf(entries)}
            families={familiesOf(entries)}
            mergeTasks={mergeTasks}
            state={state}
            change={change}
            post={post}
          />
          {ranking.groups.map((group) => (
            <Group key={group.key} group={group} ranking={ranking} {...{ view, state, post }} />
          ))}
          <Rest ranking={ranking} cost={state.cost} view={view} post={post} />
          {ranking.hidden === 0 ? null : (
            <p class="muted note">{plural(ranking.hidden, 'model')} left out by the filter.</p>
          )}
        </>
      )}
    </>
  );
}

function Header({
  view: { entries, progress },
  post,
}: {
  view: LeaderboardView;
  post: AppProps['post'];
}): VNode {
  const { state, done, total, current } = progress;
  const busy = state === 'scoring' || state === 'listing' || state === 'measuring';
  return (
    <header>
      <div class="title">
        <h1>Leaderboard</h1>
        <span class="chip">{plural(entries.length, 'model')}</span>
        <span class="chip status" role="status">
          {state === 'scoring'
            ? `scored ${formatInteger(done)} of ${formatInteger(total)}${current === undefined ? '' : `, now ${current}`}`
            : state === 'listing'
              ? 'reading files…'
              : state === 'measuring'
                ? `computing columns${current === undefined ? '' : `, now ${current}`}`
                : done === total
                  ? 'up to date'
                  : `${formatInteger(total - done)} not scored yet`}
        </span>
      </div>
      <div class="toolbar">
        {busy ? (
          <button
            class="button quiet"
            onClick={() => {
              post({ kind: 'stop' });
            }}
          >
            Stop
          </button>
        ) : (
          <button
            class={done < total ? 'button primary' : 'button quiet'}
            onClick={() => {
              post({ kind: 'start' });
            }}
          >
            Rank
          </button>
        )}
        <button
          class="button quiet"
          title="Show other training-free scores"
          onClick={() => {
            post({ kind: 'choose-columns' });
          }}
        >
          Columns…
        </button>
        <button
          class="button quiet"
          onClick={() => {
            post({ kind: 'choose-export' });
          }}
        >
          Export…
        </button>
      </div>
      {state === 'scoring' ? <progress max={total} value={done} aria-label="Models scored" /> : null}
    </header>
  );
}

function Empty({ view: { progress } }: { view: LeaderboardView }): VNode {
  const looking = progress.state === 'listing' || progress.state === 'closed';
  return (
    <div class="notice" aria-busy={looking}>
      <p>{looking ? 'Looking for architecture files…' : 'There is no model in this workspace.'}</p>
      {looking ? null : (
        <p class="muted">Models are written in .arch files; every one of them is ranked here.</p>
      )}
    </div>
  );
}

/** Whether the order says little across the families of a group. */
function poorFamilies({ comparisons }: RankedGroup, measure: Ranking['measure']): boolean {
  const score = judgedScore(measure);
  return score !== undefined && poorKinds(comparisons, score).includes('family');
}

interface GroupProps {
  readonly group: RankedGroup;
  readonly ranking: Ranking;
  readonly view: LeaderboardView;
  readonly state: LeaderboardState;
  readonly post: AppProps['post'];
}

/** Models whose scores may be compared. */
function Group({ group, ranking, view, state, post }: GroupProps): VNode {
  const { measure, sort, groups } = ranking;
  const apart = differences(groups);
  const points = pointsOf(group, measure, state.cost);
  const valueLabel = columnTexts[measure].label;
  const oneSeed = group.rows.some(({ entry }) => entry.score?.vkdnwSe === undefined);
  return (
    <section aria-label={`${tasksText(group.tasks)}, scored with ${group.settings}`}>
      {groups.length > 1 ? <h2>{groupTitle(group, groups)}</h2> : null}
      <Trust group={group} measure={measure} sort={sort} post={post} />
      <Scatter
        points={points}
        costLabel={costLabels[state.cost]}
        valueLabel={valueLabel}
        selected={view.selected}
        onSelect={(id) => {
          post({ kind: 'select', id });
        }}
        onOpen={(id) => {
          post({ kind: 'open', id });
        }}
      />
      <Table
        caption={`Ranking by ${valueLabel}`}
        rows={group.rows}
        scored
        poorFamilies={poorFamilies(group, measure)}
        extras={ranking.extras}
        oneTask={group.tasks.length === 1}
        cost={state.cost}
        {...{ measure, sort, view, post }}
      />
      <p class="muted note">
        {apart.tasks ? 'Ranked apart: models of different tasks are no rivals. ' : ''}
        {apart.settings ? 'Ranked apart: scores of different settings are not compared. ' : ''}
        {group.tasks.length > 1 ? `${mergedText} ` : ''}
        {tasksText(group.tasks)} · {group.settings} · {group.engine}.
        {oneSeed
          ? ' One seed of few index sets has no standard error: how sure these ranks are is not known.'
          : ''}
      </p>
    </section>
  );
}

function Rest({
  ranking,
  cost,
  view,
  post,
}: {
  ranking: Ranking;
  cost: LeaderboardState['cost'];
  view: LeaderboardView;
  post: AppProps['post'];
}): VNode | null {
  if (ranking.rest.length === 0) return null;
  return (
    <section>
      <h2>Without a score</h2>
      <Table
        caption="Models without a score"
        rows={ranking.rest}
        scored={false}
        poorFamilies={false}
        extras={[]}
        oneTask={false}
        measure={ranking.measure}
        cost={cost}
        sort={ranking.sort}
        {...{ view, post }}
      />
    </section>
  );
}

interface TableProps {
  readonly caption: string;
  readonly rows: Ranking['rest'];
  readonly scored: boolean;
  readonly poorFamilies: boolean;
  readonly oneTask: boolean;
  readonly measure: Ranking['measure'];
  readonly cost: LeaderboardState['cost'];
  readonly extras: Ranking['extras'];
  readonly sort: Ranking['sort'];
  readonly view: LeaderboardView;
  readonly post: AppProps['post'];
}

function Table({ view, post, measure, cost, ...rest }: TableProps): VNode {
  return (
    <RankingTable
      {...rest}
      // Sorted by name, a table without the score would say nothing.
      kept={[rest.sort === 'model' ? measure : rest.sort, cost]}
      tasks={tasksOf(view.entries).length > 1}
      families={familiesOf(view.entries).length > 1}
      selected={view.selected}
      onSort={(column) => {
        post({ kind: 'sort', column });
      }}
      onSelect={(id) => {
        post({ kind: 'select', id });
      }}
      onOpen={(id) => {
        post({ kind: 'open', id });
      }}
      onSettle={(id) => {
        post({ kind: 'settle', id });
      }}
    />
  );
}
