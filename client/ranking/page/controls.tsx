import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount } from '../../../server/base/quantities.ts';
import { columnTexts, measures } from '../../../server/ranking/columns.ts';
import type { Measure } from '../../../server/ranking/columns.ts';
import { parseBudget } from '../../../server/ranking/filter.ts';
import type { RankingFilter } from '../../../server/ranking/filter.ts';
import type { FromLeaderboard, LeaderboardState } from '../protocol.ts';
import { costLabels } from './points.ts';

interface ControlsProps {
  readonly measure: Measure;
  readonly filter: RankingFilter;
  /** Those there are. */
  readonly tasks: readonly string[];
  readonly families: readonly string[];
  readonly mergeTasks: boolean;
  readonly state: LeaderboardState;
  readonly change: (part: Partial<LeaderboardState>) => void;
  readonly post: (message: FromLeaderboard) => void;
}

export function Controls(props: ControlsProps): VNode {
  const { measure, filter, tasks, families, mergeTasks, state, change, post } = props;
  const setFilter = (next: RankingFilter): void => {
    post({ kind: 'filter', filter: next });
  };
  return (
    <form
      class="controls"
      aria-label="What is ranked"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <label>
        Rank by
        <select
          value={measure}
          onChange={({ currentTarget }) => {
            const column = measures.find((candidate) => candidate === currentTarget.value);
            if (column !== undefined) post({ kind: 'sort', column });
          }}
        >
          {measures.map((name) => (
            <option key={name} value={name}>
              {columnTexts[name].label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Against
        <select
          value={state.cost}
          onChange={({ currentTarget }) => {
            change({ cost: currentTarget.value === 'params' ? 'params' : 'macs' });
          }}
        >
          {Object.entries(costLabels).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {tasks.length > 1 || filter.task !== undefined ? (
        <Choice label="Task" part="task" names={tasks} filter={filter} setFilter={setFilter} />
      ) : null}
      {families.length > 1 || filter.family !== undefined ? (
        <Choice label="Family" part="family" names={families} filter={filter} setFilter={setFilter} />
      ) : null}
      {tasks.length > 1 || mergeTasks ? (
        <label
          class="check"
          title="Models of different input or classes are no rivals: ranks over all of them say little"
        >
          <input
            type="checkbox"
            checked={mergeTasks}
            onChange={({ currentTarget: { checked } }) => {
              post({ kind: 'merge-tasks', merge: checked });
            }}
          />
          Merge tasks
        </label>
      ) : null}
      <label class="grow">
        Name or file
        <input
          type="search"
          value={filter.text ?? ''}
          onInput={({ currentTarget: { value } }) => {
            setFilter(value === '' ? without(filter, 'text') : { ...filter, text: value });
          }}
        />
      </label>
      <Budget
        key={`params ${filter.maxParams ?? ''}`}
        label="Most params"
        value={filter.maxParams}
        onChange={(maxParams) => {
          setFilter(maxParams === undefined ? without(filter, 'maxParams') : { ...filter, maxParams });
        }}
      />
      <Budget
        key={`macs ${filter.maxMacs ?? ''}`}
        label="Most MACs"
        value={filter.maxMacs}
        onChange={(maxMacs) => {
          setFilter(maxMacs === undefined ? without(filter, 'maxMacs') : { ...filter, maxMacs });
        }}
      />
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly part: 'task' | 'family';
  readonly names: readonly string[];
  readonly filter: RankingFilter;
  readonly setFilter: (filter: RankingFilter) => void;
}

function Choice({ label, part, names, filter, setFilter }: ChoiceProps): VNode {
  const { [part]: chosen } = filter;
  // One that no model has any more is still what narrows the ranking.
  const choices = chosen === undefined || names.includes(chosen) ? names : [...names, chosen];
  return (
    <label>
      {label}
      <select
        value={chosen ?? ''}
        onChange={({ currentTarget: { value } }) => {
          setFilter(value === '' ? without(filter, part) : { ...filter, [part]: value });
        }}
      >
        <option value="">all</option>
        {choices.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function without(filter: RankingFilter, part: keyof RankingFilter): RankingFilter {
  return Object.fromEntries(Object.entries(filter).filter(([name]) => name !== part));
}

interface BudgetProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** An amount, taken over when the field is left or Enter is pressed. */
function Budget({ label, value, onChange }: BudgetProps): VNode {
  const [text, setText] = useState(value === undefined ? '' : formatCount(value));
  const invalid = text.trim() !== '' && parseBudget(text) === undefined;
  return (
    <label>
      {label}
      <input
        class="budget"
        value={text}
        placeholder="no limit"
        aria-invalid={invalid}
        title={invalid ? 'Write an amount, for instance 1.5M' : 'For instance 1.5M'}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
        }}
        onChange={() => {
          if (!invalid) onChange(parseBudget(text));
        }}
      />
    </label>
  );
}
