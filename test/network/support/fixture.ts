/** The parts of `test/fixtures/*.json` (see the README there) that describe the network. */
export interface Fixture {
  readonly arch: string;
  readonly C: number;
  readonly N: number;
  readonly batch: number;
  readonly res: number;
  readonly classes: number;
  readonly named_params: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly weights_b64_f32: Readonly<Record<string, string>>;
  readonly x_b64_f32: string;
  readonly logits: readonly (readonly number[])[];
}
