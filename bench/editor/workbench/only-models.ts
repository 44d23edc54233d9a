/** A text without the models, and their documentation, that are not of these names. Models are written as the examples have them. */
export function onlyModels(text: string, names: readonly string[]): string {
  return text.replaceAll(/(?:^\/\/\/.*\n)*^model (\w+)[^\n]*\{\n[^]*?^\}\n\n?/gm, (whole, name: string) =>
    names.includes(name) ? whole : '',
  );
}
