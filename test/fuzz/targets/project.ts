import { Project } from '../../../server/language/project.ts';
import type { NamedText } from '../input/texts.ts';

const folder = 'file:///work/';

export function uriOf(name: string): string {
  return `${folder}${name}`;
}

export function projectOf(files: readonly NamedText[]): Project {
  return new Project({ read: (uri) => files.find(({ name }) => uriOf(name) === uri)?.text });
}
