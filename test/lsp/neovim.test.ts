// The page on other editors, tried: Neovim with the configuration that the page shows.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const hasNeovim = spawnSync('nvim', ['--version']).status === 0;

interface Seen {
  readonly diagnostics: readonly string[];
  readonly completion: readonly string[];
  readonly hover: string;
  readonly lenses: number;
  readonly renamed: readonly string[];
  readonly problem?: string;
}

/** What a user does, in Neovim's own language; the answers go to a file. */
const session = `
local out = vim.env.ARCHLENS_TEST_OUT
local function ask(method, line, character, more)
  local params = vim.tbl_extend('force', {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = line, character = character },
  }, more or {})
  local answers = vim.lsp.buf_request_sync(0, method, params, 30000) or {}
  for _, answer in pairs(answers) do return answer.result end
end
local seen = { diagnostics = {}, completion = {}, renamed = {} }
local ok, problem = pcall(function()
  vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 50)
  for _, each in ipairs(vim.diagnostic.get(0)) do table.insert(seen.diagnostics, each.message) end
  for _, item in ipairs(ask('textDocument/completion', 5, 4).items) do table.insert(seen.completion, item.label) end
  seen.hover = ask('textDocument/hover', 4, 3).contents.value
  seen.lenses = #ask('textDocument/codeLens', 0, 0)
  local changes = ask('textDocument/rename', 0, 10, { newName = 'Piece' }).changes
  for uri, edits in pairs(changes) do table.insert(seen.renamed, vim.fn.fnamemodify(uri, ':t') .. ' ' .. #edits) end
end)
if not ok then seen.problem = problem end
vim.fn.writefile({ vim.fn.json_encode(seen) }, out)
vim.cmd('qa!')
`;

describe.skipIf(!hasNeovim)('Neovim over stdio', () => {
  let folder: string;
  let seen: Seen;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'archlens-nvim-'));
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    // What installing the package puts on the path.
    const main = new URL('../../server/cli/main.ts', import.meta.url).pathname;
    writeFileSync(join(bin, 'archlens'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(join(bin, 'archlens'), 0o755);
    const page = readFileSync(new URL('../../docs/editors.md', import.meta.url), 'utf8');
    const configuration = /```lua\n([^]*?)```/.exec(page)?.[1] ?? '';
    // Neovim 0.7, which Debian 12 has, starts a client in two steps, and detects file types in Lua when told to.
    const older = `vim.g.do_filetype_lua = 1
vim.lsp.start = vim.lsp.start or function(config)
  vim.lsp.buf_attach_client(0, vim.lsp.start_client(config))
end\n`;
    writeFileSync(
      join(folder, 'init.lua'),
      `${older}${configuration.replace('onType = true', 'onType = false')}`,
    );
    writeFileSync(join(folder, 'session.lua'), session);
    writeFileSync(join(folder, 'parts.arch'), 'block Part(out) { conv(out, 3x3) -> bn }\n');
    writeFileSync(
      join(folder, 'net.arch'),
      'import { Part } from "./parts.arch"\nmodel Net {\n  input 8x8x3\n  classes 10\n  Part(8)\n  re\n}\n',
    );
    execFileSync(
      'nvim',
      [
        '--headless',
        '--clean',
        '-u',
        join(folder, 'init.lua'),
        'net.arch',
        '-S',
        join(folder, 'session.lua'),
      ],
      {
        cwd: folder,
        timeout: 240_000,
        env: {
          ...process.env,
          PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
          XDG_STATE_HOME: folder,
          XDG_CACHE_HOME: folder,
          ARCHLENS_TEST_OUT: join(folder, 'seen.json'),
        },
      },
    );
    seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')) as Seen;
    expect(seen.problem).toBeUndefined();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows diagnostics', () => {
    expect(seen.diagnostics.join('\n')).toContain('There is no `re` here. Did you mean');
  });

  test('completes', () => {
    expect(seen.completion).toEqual(expect.arrayContaining(['relu', 'residual', 'repeat', 'Part']));
  });

  test('hovers', () => {
    expect(seen.hover).toContain('block Part(out)');
  });

  test('shows lenses and renames across files', () => {
    expect(seen.lenses).toBeGreaterThan(0);
    expect(seen.renamed.toSorted()).toEqual(['net.arch 2', 'parts.arch 1']);
  });
});
