/** Numbers from 0 to 1 that are the same for the same seed (Park and Miller, 1988). */
export function valueStream(seed: number): () => number {
  let state = (seed * 7919 + 1) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
