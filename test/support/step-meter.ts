// Runs beside a server in its process, and tells its steps to whoever sends a message.
import process from 'node:process';
import { nextTally, steps } from './steps.ts';

process.on('message', (question) => {
  process.send!(question === 'tally' ? [...nextTally()] : steps());
});
