import { runScoreWorker } from './score-worker.ts';

// The program of dist/scoring.cjs: the thread that scores, for a language server or whoever starts a `ScoreThread`.
runScoreWorker();
