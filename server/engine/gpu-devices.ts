import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { own } from '../base/own.ts';

/** PCI vendors of GPUs. */
const vendors: Readonly<Record<string, string>> = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x106b': 'Apple',
  '0x1af4': 'virtio',
};

/**
 * Names of the machine's GPUs, for people: `NVIDIA GeForce RTX 3090`, or as much as the system tells without another
 * program. Libraries do not say which GPU they use, so where there are several, all are named.
 */
export function describeGpu(root = '/'): string {
  if (process.platform === 'darwin') return process.arch === 'arm64' ? 'Apple GPU' : 'GPU';
  const names = [...new Set([...nvidiaModels(root), ...pciVendors(root)])];
  const models = names.filter((name) => !names.some((other) => other !== name && other.startsWith(name)));
  return models.length === 0 ? 'GPU' : models.join(' or ');
}

/** Names of the GPUs of NVIDIA's driver on Linux. */
function nvidiaModels(root: string): string[] {
  const folder = join(root, 'proc/driver/nvidia/gpus');
  return list(folder).flatMap((name) => {
    const model = /^Model:\s*(.+)$/m.exec(read(join(folder, name, 'information')));
    return model === null ? [] : [model[1]!.trim()];
  });
}

/** Makers of the display controllers (PCI class 03) on Linux. */
function pciVendors(root: string): string[] {
  const folder = join(root, 'sys/bus/pci/devices');
  return list(folder).flatMap((name) => {
    if (!read(join(folder, name, 'class')).startsWith('0x03')) return [];
    const vendor = own(vendors, read(join(folder, name, 'vendor')).trim());
    return vendor === undefined ? [] : [vendor];
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Whether there may be a GPU. Where there is none, no process is started to test GPU engines. */
export function mayHaveGpu(environment: NodeJS.ProcessEnv = process.env, root = '/'): boolean {
  if (process.platform !== 'linux') return true;
  // A driver named by the user may need no device.
  if (environment['VK_ICD_FILENAMES'] !== undefined || environment['VK_DRIVER_FILES'] !== undefined)
    return true;
  const devices = list(join(root, 'dev'));
  return (
    devices.some((name) => name === 'dxg' || name.startsWith('nvidia')) ||
    list(join(root, 'dev/dri')).some((name) => name.startsWith('renderD'))
  );
}
