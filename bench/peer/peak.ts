import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Fused float32 multiply-adds per second of so many cores, measured by a loop in registers. Undefined without a C
 * compiler.
 *
 * @param root of the checkout
 */
export function peakRate(root: string, threads: number): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'archlens-peak-'));
  try {
    const program = join(folder, 'peak');
    const flags = ['-O3', '-march=native', '-ffp-contract=fast', '-pthread'];
    execFileSync('cc', [...flags, join(root, 'bench/peer/peak.c'), '-o', program], { stdio: 'ignore' });
    const [rate] = execFileSync(program, [String(threads)], { encoding: 'utf8' }).split(' ');
    return Number(rate);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
