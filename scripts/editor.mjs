// npm run editor: the real VS Code in a browser, with the packaged extension and the examples.
import process from 'node:process';
import { join } from 'node:path';
import { installHost, startHost } from './host.mjs';
import { root } from './node24.mjs';
import { packageExtension } from './package.mjs';
import { setup } from './setup.mjs';
import { installHostPackages } from './system.mjs';

setup();
const missing = installHostPackages(console.error);
if (missing !== undefined) {
  console.error(`The editor host cannot be built: this machine lacks ${missing}.`);
  process.exit(1);
}
await installHost();
console.error('Packaging the extension …');
const wanted = Number(process.env['PORT'] ?? Number.NaN);
const host = await startHost({
  extensions: [await packageExtension()],
  ...(Number.isInteger(wanted) ? { port: wanted } : {}),
});
const folder = join(root, 'examples');
console.log(
  `VS Code with Archlens, until Ctrl-C:\n\n  ${host.url(folder, [['openFile', host.uri(join(folder, 'resnet20.arch'))]])}\n`,
);

await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
await host.stop();
// Nothing else is worth waiting for.
process.exit(0);
