import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Chromium keeps SwiftShader, a Vulkan device in software, and the loader of Vulkan drivers. */
const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

/** What a process needs to find SwiftShader as its GPU; undefined on a machine without it. */
export function swiftShader(): Record<string, string> | undefined {
  const folder = folders.find((path) => existsSync(join(path, 'vk_swiftshader_icd.json')));
  return folder === undefined
    ? undefined
    : { VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: folder };
}
