#!/usr/bin/env node
// The program of the package: the command line, with its compiled code kept from run to run.
import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../base/cache-folder.ts';
import { makeOwnFolder } from './own-folder.ts';

// Not in Node's own folder: that is shared by all users of the machine, and what is in it would be run.
const folder = join(cacheFolder(), 'compiled');
// Older versions of Node have no such cache.
const enable = enableCompileCache as typeof enableCompileCache | undefined;
if (makeOwnFolder(folder)) enable?.(folder);

createRequire(import.meta.url)('./cli-main.cjs');
