// Files that are not what they seem, and disks that are full: what the command line says, and what it leaves as it was.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCode } from '../../server/base/exit-codes.ts';
import { watchPaths } from '../../server/cli/watch.ts';
import { cli } from './run-cli.ts';

const isWindows = process.platform === 'win32';
/** Elsewhere names of files are always text, and there is no device that is always full. */
const isLinux = process.platform === 'linux';
const latin1 = Buffer.from('// caf\xe9\nlet  a=1', 'latin1');
const model = 'model M { input 4x4x3 classes 2 conv(4, 3x3) -> relu -> gap -> dense(classes) }\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archlens-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const run = (...args: readonly string[]) => cli(args, { cwd: folder });

describe('a file that is not UTF-8', () => {
  const others: readonly (readonly [string, Buffer, string])[] = [
    ['latin1.arch', latin1, 'it is not UTF-8: byte 6 is 0xE9 (line 1). Save it as UTF-8'],
    [
      'binary.arch',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0x0a, 0x80, 0xff]),
      'it is not UTF-8: byte 8 is 0x80 (line 2). Save it as UTF-8',
    ],
    [
      'mark.arch',
      Buffer.from('\ufefflet  a=1'),
      'it starts with a byte order mark (bytes 0 to 2). Save it as UTF-8 without one',
    ],
    [
      'utf16.arch',
      Buffer.from('\ufefflet  a=1', 'utf16le'),
      'it is in UTF-16 LE, not in UTF-8. Save it as UTF-8',
    ],
  ];

  it('is said by check and format, and left as it is', async () => {
    for (const [name, bytes] of others) writeFileSync(at(name), bytes);
    writeFileSync(at('untidy.arch'), 'let  a=1');
    const checked = await run('check', '.');
    expect(checked.code).toBe(1);
    const formatted = await run('format', '.');
    expect({ code: formatted.code, stdout: formatted.stdout }).toEqual({ code: 1, stdout: 'untidy.arch\n' });
    for (const [name, bytes, reason] of others) {
      const line = `${name} cannot be read: ${reason}.\n`;
      expect(checked.stderr).toContain(line);
      expect(formatted.stderr).toContain(line);
      expect(readFileSync(at(name))).toEqual(bytes);
    }
    expect(checked.stderr).toContain('1 file: 0 errors, 0 warnings; 4 not read\n');
    expect(formatted.stderr).toContain('1 file, 1 formatted; 4 left alone\n');
    expect(readFileSync(at('untidy.arch'), 'utf8')).toBe('let a = 1\n');
  });

  it('is said of standard input', () => {
    const program = join(import.meta.dirname, '../../server/cli/main.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'format', '-'], {
      input: latin1,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('standard input cannot be read: it is not UTF-8: byte 6 is 0xE9');
  });

  it('is said of a file of its own, and of one that is imported', async () => {
    writeFileSync(at('latin1.arch'), latin1);
    for (const command of [
      ['score'],
      ['rank'],
      ['plot', '-o', 'x.svg'],
      ['improve'],
      ['whatif', '--at', '1:1'],
    ]) {
      const { code, stdout, stderr } = await run(...command, 'latin1.arch');
      expect({ code, stdout }, command[0]).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('latin1.arch cannot be read: it is not UTF-8: byte 6 is 0xE9');
    }
    writeFileSync(at('main.arch'), 'import { A } from "./latin1.arch"\nblock B() { A }\n');
    const { code, stdout } = await run('check', 'main.arch');
    expect(code).toBe(1);
    expect(stdout).toContain(
      'main.arch:1:19 error import-unreadable ./latin1.arch cannot be read: it is not UTF-8: byte 6 is 0xE9 (line 1). Save it as UTF-8.',
    );
  });
});

describe.runIf(isLinux)('what cannot be read in a folder', () => {
  beforeEach(() => {
    writeFileSync(at('ok.arch'), model);
    symlinkSync('me@host.1234:1700000000', at('.#ok.arch'));
    symlinkSync('/dev/zero', at('b.arch'));
    symlinkSync('circle.arch', at('circle.arch'));
    execFileSync('mkfifo', [at('pipe.arch')]);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('caf\xe9.arch', 'latin1')]), model);
  });

  const reasons = [
    '.#ok.arch cannot be read: it is a link to me@host.1234:1700000000, which is not there.',
    'b.arch cannot be read: it is a device, not a regular file.',
    'circle.arch cannot be read: its links lead in a circle.',
    'pipe.arch cannot be read: it is a pipe, not a regular file.',
    'caf\ufffd.arch cannot be read: its name is not UTF-8. Rename it.',
  ];

  it.each([
    ['check', ['check'], 'ok.arch'],
    ['rank', ['rank', '--setting', 'live'], 'M'],
    ['score', ['score', '--setting', 'live'], 'M'],
  ])('is said by %s, and the rest goes on', async (_, command, found) => {
    if (command[0] === 'check') writeFileSync(at('ok.arch'), model.replace('relu', 'rellu'));
    const { code, stdout, stderr } = await run(...command, '.');
    expect(code, stderr).toBe(1);
    for (const reason of reasons) expect(stderr).toContain(`${reason}\n`);
    expect(stdout).toContain(found);
  });

  it('is said where it is named, by the pattern of a shell', async () => {
    const { code, stderr } = await run('check', '.#ok.arch', 'b.arch', 'ok.arch', 'pipe.arch');
    expect(code).toBe(1);
    expect(stderr).toContain('1 file: 0 errors');
    for (const name of ['.#ok.arch', 'b.arch', 'pipe.arch'])
      expect(stderr).toContain(`${name} cannot be read`);
  });

  it('is watched all the same', async () => {
    const abort = new AbortController();
    const changes = watchPaths([at('.#ok.arch'), at('circle.arch'), at('b.arch')], abort.signal);
    writeFileSync(at('new.arch'), model);
    rmSync(at('b.arch'));
    expect(await changes.next()).toBe(true);
    changes.close();
    expect(() => watchPaths([at('none.arch')], abort.signal)).toThrow('there is no such file');
  });

  it('is a wrong call where a name leads nowhere', async () => {
    const { code, stderr } = await run('check', 'ok.arch', 'none.arch');
    expect(code).toBe(2);
    expect(stderr).toContain('none.arch cannot be read: there is no such file.');
  });

  it('is no harm where it is imported', async () => {
    const imports = ['b', 'pipe', 'folder']
      .map((name) => `import { A${name} } from "./${name}.arch"\n`)
      .join('');
    mkdirSync(at('folder.arch'));
    writeFileSync(at('main.arch'), imports);
    const { stdout } = await run('check', 'main.arch');
    expect(stdout.match(/import-unreadable/g)).toHaveLength(3);
  });

  it('is a folder without permission, too', () => {
    chmodSync(folder, 0o755);
    mkdirSync(at('closed'), { mode: 0 });
    const program = join(import.meta.dirname, '../../server/cli/main.ts');
    // Root may read anything, so it asks as another user.
    const who = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const { status, stderr } = spawnSync(process.execPath, [program, 'check', 'closed', 'ok.arch'], {
      encoding: 'utf8',
      cwd: folder,
      ...who,
    });
    expect(stderr).toContain(
      'closed cannot be read: access is denied.\n1 file: 0 errors, 0 warnings; 1 not read\n',
    );
    expect(status).toBe(1);
  });
});

describe.skipIf(isWindows)('what is written', () => {
  it('is whole or not at all when the disk is full', () => {
    const before = `${Array.from({ length: 1200 }, (_, index) => `let  a${index}=1`).join('\n')}\n`;
    writeFileSync(at('large.arch'), before);
    const program = join(import.meta.dirname, '../../server/cli/main.ts');
    // A file of this process holds four blocks of 1024 bytes at most.
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', 'trap "" XFSZ; ulimit -f 4; exec "$0" "$@"', process.execPath, program, 'format', 'large.arch'],
      { encoding: 'utf8', cwd: folder },
    );
    expect(status).toBe(exitCode.output);
    expect(stderr).toContain('large.arch cannot be written: it would be larger than the system allows.');
    expect(readFileSync(at('large.arch'), 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['large.arch']);
  });

  it('does not go through links: format leaves out those of folders, and says so of others', async () => {
    mkdirSync(at('shared'));
    mkdirSync(at('work'));
    writeFileSync(at('shared/a.arch'), 'let  a=1');
    symlinkSync('../shared/a.arch', at('work/link.arch'));
    writeFileSync(at('work/b.arch'), 'let  b=1');
    const whole = await run('format', 'work');
    expect(whole).toEqual({ code: 0, stdout: 'work/b.arch\n', stderr: '1 file, 1 formatted\n' });
    const named = await run('format', 'work/link.arch');
    expect(named.code).toBe(1);
    expect(named.stderr).toContain(
      'work/link.arch cannot be written: it is a link to ../shared/a.arch, and nothing is written through links. Name that file.',
    );
    expect(readlinkSync(at('work/link.arch'))).toBe('../shared/a.arch');
    expect(readFileSync(at('shared/a.arch'), 'utf8')).toBe('let  a=1');
  });

  it.each([
    ['plot', ['plot', 'net.arch', '-o']],
    ['improve', ['improve', 'net.arch', '--output']],
    ['evaluate --svg', ['evaluate', '--scores', 'table.csv', '--score', 's', '--target', 't', '--svg']],
    ['evaluate --values', ['evaluate', '--benchmark', 'table.csv', '--target', 't', '--values']],
  ])('is refused by %s before it computes, where it could not be written', async (_, command) => {
    writeFileSync(at('net.arch'), model);
    writeFileSync(at('table.csv'), 's,t\n1,2\n');
    writeFileSync(at('there.svg'), 'old');
    symlinkSync('there.svg', at('link.svg'));
    for (const [target, reason] of [
      ['/dev/null', 'it is a device, not a regular file'],
      ['link.svg', 'it is a link to there.svg, and nothing is written through links. Name that file'],
      ['none/x.svg', 'there is no folder none'],
    ] as const) {
      const { code, stdout, stderr } = await run(
        ...command,
        target,
        ...(command[0] === 'plot' ? ['--format', 'svg'] : []),
      );
      expect({ code, stdout }, target).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`${target} cannot be written: ${reason}.`);
    }
    expect(readFileSync(at('there.svg'), 'utf8')).toBe('old');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe.runIf(isLinux)('tables, journals and images', () => {
  const table = `genotype,accuracy\n|nor_conv_1x1~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|,60\n`;

  it('are regular files, of a size that is looked at before', async () => {
    writeFileSync(at('table.csv'), table);
    execFileSync('mkfifo', [at('pipe.npy')]);
    mkdirSync(at('pictures/one'), { recursive: true });
    symlinkSync('/dev/zero', at('pictures/one/a.png'));
    const benchmark = ['evaluate', '--benchmark', 'table.csv', '--target', 'accuracy', '--proxies', 'params'];
    for (const [args, message] of [
      [
        ['evaluate', '--scores', '/dev/zero', '--score', 's', '--target', 't'],
        '/dev/zero cannot be read: it is a device',
      ],
      [
        [...benchmark, '--journal', '/dev/full'],
        '/dev/full cannot be read: it is a device, not a regular file.',
      ],
      [
        [...benchmark, '--journal', '/dev/zero'],
        '/dev/zero cannot be read: it is a device, not a regular file.',
      ],
      [[...benchmark, '--images', 'pipe.npy'], 'pipe.npy cannot be read: it is a pipe, not a regular file.'],
      [[...benchmark, '--images', 'pictures'], 'a.png cannot be read: it is a device, not a regular file.'],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect(stderr, args.join(' ')).toContain(message);
      expect(code).toBe(2);
    }
  });

  it('are UTF-8; a byte order mark is no harm to a table', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => `${index},${index * 2}`).join('\n');
    writeFileSync(at('table.csv'), `\ufeffs,t\n${rows}\n`);
    const good = await run(
      'evaluate',
      '--scores',
      'table.csv',
      '--score',
      's',
      '--target',
      't',
      '--resamples',
      '0',
    );
    expect(good.code, good.stderr).toBe(0);
    writeFileSync(at('table.csv'), Buffer.from(`caf\xe9,t\n${rows}\n`, 'latin1'));
    const bad = await run('evaluate', '--scores', 'table.csv', '--score', 't', '--target', 't');
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('table.csv cannot be read: it is not UTF-8: byte 3 is 0xE9 (line 1)');
  });
});
