import { join } from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';
import { formatSpeed } from '../../server/base/quantities.ts';
import { missingCudaParts } from '../../server/engine/tfjs/cuda-parts.ts';
import { cudaPackage } from '../../server/engine/tfjs/cuda-package.ts';
import { impossible } from '../../server/engine/pool/report.ts';
import { cudaFolder, testEngines } from '../../server/protocol/protocol.ts';
import type { LanguageServer } from '../connection/language-server.ts';
import { takeEngine } from './engine-setting.ts';
import { npmInstall } from './npm-install.ts';
import { noticeText } from '../../server/base/notice-text.ts';

const name = 'tfjs-node-gpu';

/** The command that puts TensorFlow for CUDA into the extension's storage, and tries it. */
export async function installCuda(
  server: LanguageServer,
  { extensionUri, globalStorageUri }: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const reason = impossible(name, `${process.platform}-${process.arch}`);
  if (reason !== undefined) {
    await vscode.window.showInformationMessage(
      noticeText(`The CUDA engine is not for this system. ${reason}`),
    );
    return;
  }
  if (!(await confirm())) return;
  const installed = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: 'Archlens: installing the CUDA engine',
      cancellable: true,
    },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        const installation = { source: join(extensionUri.fsPath, 'cuda'), scripted: cudaPackage };
        await npmInstall(join(globalStorageUri.fsPath, cudaFolder), installation, {
          signal: abort.signal,
          onLine: (line) => {
            log.info(line);
            progress.report({ message: noticeText(line.slice(0, 120)) });
          },
        });
        return true;
      } catch (error) {
        if (abort.signal.aborted) return false;
        return error instanceof Error ? error : new Error(String(error));
      }
    },
  );
  if (installed === false) return;
  if (installed !== true) {
    await failed(`The CUDA engine could not be installed. ${installed.message}`, log);
    return;
  }
  await verify(server, log);
}

/** Says what is downloaded, from where, and what it will miss here. */
async function confirm(): Promise<boolean> {
  const missing = missingCudaParts();
  const detail = [
    'TensorFlow 2.9 for CUDA, about 1 GB, is downloaded from the npm registry and storage.googleapis.com into the storage of this extension.',
    `npm installs the packages of a lock file that comes with the extension, and refuses those whose hashes differ. One script is run: that of ${cudaPackage} (node scripts/install.js gpu download), which downloads the native library and its binding. They have no hash to compare with.`,
    ...(missing.length === 0
      ? []
      : [
          `It needs a driver for an NVIDIA GPU, CUDA 11.2 and cuDNN 8.1. Not found on this machine: ${missing.join('; ')}. Without them the engine will not run.`,
        ]),
  ].join('\n\n');
  const install = 'Install';
  const answer = await vscode.window.showInformationMessage(
    'Install the CUDA engine?',
    { modal: true, detail },
    install,
  );
  return answer === install;
}

async function verify(server: LanguageServer, log: vscode.LogOutputChannel): Promise<void> {
  const reports = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Archlens: testing the CUDA engine' },
    () => server.request(testEngines, { only: name }),
  );
  const report = reports?.find((known) => known.name === name);
  if (report?.gflops === undefined) {
    const reason = report?.reason ?? 'The language server does not answer.';
    await failed(`The CUDA engine is installed, but does not work. ${reason}`, log);
    return;
  }
  const use = 'Use It';
  const answer = await vscode.window.showInformationMessage(
    noticeText(`The CUDA engine works: ${report.device ?? 'GPU'}, ${formatSpeed(report.gflops)} GFLOP/s.`),
    use,
  );
  if (answer === use) await takeEngine(name);
}

async function failed(message: string, log: vscode.LogOutputChannel): Promise<void> {
  log.error(message);
  const show = 'Show Log';
  if ((await vscode.window.showErrorMessage(noticeText(message), show)) === show) log.show();
}
