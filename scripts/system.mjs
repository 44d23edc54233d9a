// What the tests need from the operating system, and its installation where that is possible.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { findChromium } from './browser.mjs';
import { isHostInstalled } from './host.mjs';

/** @param {string} command @param {string[]} args */
function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** The Debian packages that are missing to build the editor host. */
function missingForHost() {
  if (isHostInstalled()) return [];
  const missing = [];
  if (!succeeds('c++', ['--version']) || !succeeds('make', ['--version'])) missing.push('build-essential');
  if (!succeeds('python3', ['--version'])) missing.push('python3');
  if (!succeeds('pkg-config', ['--version'])) missing.push('pkg-config');
  if (!succeeds('pkg-config', ['--exists', 'krb5-gssapi'])) missing.push('libkrb5-dev');
  return missing;
}

/** The Debian packages that are missing to look at it. */
function missingForPage() {
  return findChromium() === undefined ? ['chromium'] : [];
}

/** The Debian packages that are missing to try another editor. */
function missingForNeovim() {
  return succeeds('nvim', ['--version']) ? [] : ['neovim'];
}

/** The Debian packages that are missing to see what a program asks of the system. */
function missingForTracing() {
  return succeeds('strace', ['-V']) ? [] : ['strace'];
}

/** How this user may install packages: as the super-user, through sudo without a password, or not. */
function installer() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  return succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined;
}

/** @param {() => string[]} findMissing @param {(line: string) => void} say @returns {string | undefined} */
function install(findMissing, say) {
  const missing = findMissing();
  const prefix = installer();
  if (missing.length === 0) return undefined;
  if (prefix !== undefined) {
    say(`Installing ${missing.join(', ')} (apt-get) …`);
    const aptGet = (/** @type {string[]} */ ...args) => {
      const [command = '', ...rest] = [
        ...prefix,
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        '-qq',
        ...args,
      ];
      spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
    };
    aptGet('update');
    aptGet('install', '-y', '--no-install-recommends', ...missing);
  }
  const rest = findMissing();
  return rest.length === 0 ? undefined : rest.join(', ');
}

/** @returns {string | undefined} what is missing where there is no editor host at all */
function missingPlatform() {
  return process.platform === 'win32' ? 'a platform that code-server runs on' : undefined;
}

/**
 * Installs what building the editor host needs, where that may be done.
 * @param {(line: string) => void} say
 * @returns {string | undefined} what is still missing
 */
export function installHostPackages(say) {
  return missingPlatform() ?? install(missingForHost, say);
}

/** The same for the host and a browser to drive it. @param {(line: string) => void} say */
export function installTestPackages(say) {
  return missingPlatform() ?? install(() => [...missingForPage(), ...missingForHost()], say);
}

/** Neovim, without which one test is left out. @param {(line: string) => void} say */
export function installNeovim(say) {
  return install(missingForNeovim, say);
}

/** strace, without which nobody looks whether the programs use the network. @param {(line: string) => void} say */
export function installStrace(say) {
  const missing = install(missingForTracing, say);
  if (missing !== undefined || process.platform !== 'linux') return missing ?? 'strace, which is for Linux';
  return succeeds('strace', ['-f', '-e', 'trace=none', 'true']) ? undefined : 'the right to trace processes';
}
