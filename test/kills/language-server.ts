// A session of the language server, as an editor has it.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import { picture } from '../../server/protocol/pictures.ts';
import { killAtRandom, type Kill } from './killer.ts';
import { expectNothingLeft, expectNoZombie, start, withinPatience, type Programs } from './programs.ts';
import type { Random } from '../support/random.ts';
import { withoutTimes } from './times.ts';

const uri = 'file:///kills/models.arch';
/** Required by the types, and deprecated. */
const noRoot = { rootUri: null };

export interface Outcome {
  /** The picture of every model, as JSON; absent when the server ended before all were there. */
  readonly pictures?: readonly string[];
  readonly kills: readonly Kill[];
}

export interface Disturbance {
  readonly most: number;
  /** Whether the server is among the victims. */
  readonly withServer: boolean;
  /** Whether the editor dies in the middle of it. */
  readonly editorDies: boolean;
  readonly random: Random;
}

/** Opens a text, waits for the scores of its models, and ends in good order. @throws Error when it hangs or leaves something */
export async function edit(
  programs: Programs,
  source: string,
  models: readonly string[],
  env: NodeJS.ProcessEnv,
  disturbance: Disturbance,
): Promise<Outcome> {
  const child = start(programs.server, ['--stdio'], env);
  const session = child.pid!;
  child.stderr!.resume();
  child.stdin!.on('error', () => undefined);
  let isOver = false;
  const ended = once(child, 'exit').then(() => {
    isOver = true;
  });
  const outcome = await withinPatience(
    session,
    disturbed(child, ended, source, models, disturbance, () => isOver),
  );
  await expectNothingLeft(session);
  return outcome;
}

async function disturbed(
  child: ChildProcess,
  ended: Promise<void>,
  source: string,
  models: readonly string[],
  { most, withServer, editorDies, random }: Disturbance,
  isOver: () => boolean,
): Promise<Outcome> {
  const session = child.pid!;
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout!),
    new StreamMessageWriter(child.stdin!),
  );
  connection.onError(() => undefined);
  connection.listen();
  const killing = killAtRandom({ session, first: 'server', withFirst: withServer }, most, random, isOver);
  try {
    // A request to a server that has ended gets no answer.
    const asked = picturesOf(connection, source, models);
    asked.catch(() => undefined);
    const pictures = await Promise.race([ended, asked]);
    const kills = await killing;
    if (pictures === undefined || isOver()) return { kills };
    await expectNoZombie(session);
    if (editorDies) {
      // What the system does with the pipes of a process that is killed.
      child.stdin!.destroy();
      child.stdout!.destroy();
      await ended;
      return { pictures, kills: [...kills, { role: 'client', signal: 'KILL' }] };
    }
    await Promise.race([ended, connection.sendRequest(ShutdownRequest.type)]);
    if (!isOver()) await connection.sendNotification(ExitNotification.type);
    await ended;
    return { pictures, kills };
  } finally {
    connection.dispose();
  }
}

async function picturesOf(
  connection: ProtocolConnection,
  text: string,
  models: readonly string[],
): Promise<readonly string[]> {
  await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    ...noRoot,
    capabilities: {},
    initializationOptions: { settings: { engine: { choice: 'onnx-cpu', threads: 1 } } },
  });
  await connection.sendNotification(InitializedNotification.type, {});
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'arch', version: 1, text },
  });
  const found: string[] = [];
  for (const model of models) {
    for (;;) {
      const answer = await connection.sendRequest(picture, { uri, model });
      if (answer?.state === 'failed') throw new Error(`${model}: ${answer.problem ?? answer.title}`);
      if (answer?.state === 'current' && answer.contributions.state === 'current') {
        found.push(withoutTimes(JSON.stringify(answer.picture)));
        break;
      }
      await sleep(50);
    }
  }
  return found;
}
