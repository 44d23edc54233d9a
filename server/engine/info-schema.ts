import * as v from 'valibot';
import type { EngineInfo } from './engine.ts';

/** What has come from another process or from the disk. */
export const engineInfo: v.GenericSchema<unknown, EngineInfo> = v.object({
  name: v.string(),
  device: v.string(),
  version: v.string(),
  threads: v.number(),
});
