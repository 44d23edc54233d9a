// Runs beside a server in its process, and tells its steps to whoever sends a message.
import process from 'node:process';
import { countExactly, nextTally, steps } from './steps.ts';

countExactly();

process.on('message', (question) => {
  process.send!(question === 'tally' ? [...nextTally()] : steps());
});
