import { parentPort } from 'node:worker_threads';
import type { Network } from '../network/network.ts';
import { noteHash } from '../score/key.ts';
import { proxyNamed } from '../proxies/index.ts';
import { ProxyScorer } from '../proxies/proxy-scorer.ts';
import { Insights } from '../score/insight/insights.ts';
import { Scorer } from '../score/scorer.ts';
import type { Interruption } from '../engine/interruption.ts';
import { EngineHost } from './engine-host.ts';
import type { FromScoreThread, ToScoreThread } from './score-thread-protocol.ts';
import { clearStores, openStores, type StoreOptions } from './stores.ts';
import { readSettings } from '../protocol/settings.ts';

/** A job under way. */
interface Running {
  readonly abort: AbortController;
  /** Lets the job go on; there while it waits between two pieces of work. */
  goOn?: () => void;
  /** Whether something more urgent has begun to wait since the job last went on. */
  isWanted: boolean;
  /** Called when something more urgent begins to wait; there while the engine works for the job. */
  onWanted?: () => void;
}

type Request = Extract<ToScoreThread, { type: 'score' | 'stored' | 'insight' | 'proxies' }>;

interface Hooks {
  readonly signal: AbortSignal;
  readonly interruption: Interruption;
  readonly tell: (message: FromScoreThread) => void;
}

/** Pieces of an insight's work that take less are done at a stretch (milliseconds). */
const stretch = 12;

/** The thread that scores: it makes tensor programs and spectra, while the main thread answers the editor. */
export function runScoreWorker(): void {
  const port = parentPort;
  if (port === null) throw new Error('This is the main thread.');
  const tell = (message: FromScoreThread): void => {
    port.postMessage(message);
  };
  const log = (line: string): void => {
    tell({ type: 'log', line });
  };
  const engine = new EngineHost(readSettings(undefined).settings.engine, log);
  engine.onStatus((status) => {
    tell({ type: 'status', status });
  });
  const open = (options: StoreOptions) => {
    const stores = openStores({ ...options, log });
    const expected = stores.engines.expected(() => engine.source());
    const scorer = new Scorer(engine, stores.scores, expected);
    return {
      stores,
      scorer,
      proxyScorer: new ProxyScorer({ scorer, engine }, stores.proxies, expected),
      insights: new Insights(engine, stores.insights),
    };
  };
  let storeSettings: StoreOptions = { limit: 0 };
  let { stores, scorer, insights, proxyScorer } = open(storeSettings);
  const running = new Map<number, Running>();
  const networks = new Map<number, Network>();

  const answer = async (request: Request): Promise<void> => {
    const { id } = request;
    const job: Running = { abort: new AbortController(), isWanted: false };
    running.set(id, job);
    const interruption: Interruption = {
      giveWay: () =>
        new Promise((resolve) => {
          job.goOn = resolve;
          tell({ type: 'between', id });
        }),
      onWanted: (listener) => {
        job.onWanted = listener;
        if (job.isWanted) listener();
        return () => delete job.onWanted;
      },
    };
    try {
      tell(
        await answerOf(
          request,
          networks.get(request.network),
          { scorer, insights, proxyScorer },
          { signal: job.abort.signal, interruption, tell },
        ),
      );
    } catch (error) {
      tell({ type: 'error', id, message: error instanceof Error ? String(error.stack) : String(error) });
    } finally {
      running.delete(id);
    }
  };

  const survey = async ({ id, only }: Extract<ToScoreThread, { type: 'survey' }>): Promise<void> => {
    const told = (done: boolean) => {
      tell({ type: 'engines', id, reports: engine.reports(), done });
    };
    try {
      await engine.survey(() => {
        told(false);
      }, only);
    } catch (error) {
      log(`The engines could not be tested: ${String(error)}`);
    }
    told(true);
  };

  port.on('message', (message: ToScoreThread) => {
    switch (message.type) {
      case 'network':
        noteHash(message.network, message.hash);
        networks.set(message.number, message.network);
        break;
      case 'forget':
        networks.delete(message.number);
        break;
      case 'score':
      case 'stored':
      case 'insight':
      case 'proxies':
        void answer(message);
        break;
      case 'cancel': {
        const job = running.get(message.id);
        job?.abort.abort();
        job?.goOn?.();
        break;
      }
      case 'go-on': {
        const job = running.get(message.id);
        if (job !== undefined) job.isWanted = false;
        job?.goOn?.();
        break;
      }
      case 'wanted': {
        const job = running.get(message.id);
        if (job !== undefined) job.isWanted = true;
        job?.onWanted?.();
        break;
      }
      case 'configure':
        engine.configure(message.settings.engine);
        if (JSON.stringify(message.settings.store) !== JSON.stringify(storeSettings)) {
          storeSettings = message.settings.store;
          ({ stores, scorer, insights, proxyScorer } = open(storeSettings));
        }
        break;
      case 'clear-store':
        void clearStores(stores).then((size) => {
          tell({ type: 'store-cleared', id: message.id, size });
        });
        break;
      case 'survey':
        void survey(message);
        break;
      case 'restart':
        engine.restart();
        break;
      case 'dispose':
        void engine.dispose().finally(() => {
          tell({ type: 'disposed' });
        });
        break;
    }
  });
}

async function answerOf(
  request: Request,
  network: Network | undefined,
  {
    scorer,
    insights,
    proxyScorer,
  }: { readonly scorer: Scorer; readonly insights: Insights; readonly proxyScorer: ProxyScorer },
  { signal, interruption, tell }: Hooks,
): Promise<FromScoreThread> {
  const { id, type } = request;
  if (network === undefined) throw new Error(`The network ${request.network} is not here.`);
  switch (type) {
    case 'stored':
      return { type: 'outcome', id, outcome: await scorer.stored(network, request.settings) };
    case 'score': {
      const outcome = await scorer.score(network, request.settings, {
        signal,
        onSeed: (partial, done, total) => {
          tell({ type: 'seed', id, partial, done, total });
        },
        interruption,
        anew: request.anew,
      });
      return { type: 'outcome', id, outcome };
    }
    case 'proxies': {
      const { names, settings } = request;
      const outcome = await proxyScorer.measure(network, names.map(proxyNamed), {
        settings,
        signal,
        interruption,
      });
      return { type: 'proxies', id, outcome };
    }
    case 'insight': {
      let since = performance.now();
      const outcome = await insights.insight(network, request.score, {
        signal,
        interruption,
        pause: async () => {
          if (performance.now() - since < stretch) return;
          await interruption.giveWay();
          since = performance.now();
        },
      });
      return { type: 'insight', id, outcome };
    }
  }
}
