/** Kendall tau, Spearman rho and nDCG of a row, on CIFAR-10, CIFAR-100 and ImageNet16-120. */
export type PublishedRow = readonly (readonly [tau: number, rho: number, ndcg: number])[];

/**
 * Table 1 of Týbl and Neumann (CVPR 2025; docs/score.md#table-1-of-the-paper), by the name that the score has here, without a setting: 9,445 networks without unreachable operations,
 * five seeds, real images where a score looks at them. The forests are its last two rows, GRAF and (VKDNW + other proxies + GRAF), 100 trees
 * on 1,024 networks; there the features are more proxies than here.
 */
export const publishedTable: ReadonlyMap<string, PublishedRow> = new Map([
  ['macs', rows([0.623, 0.799, 0.745], [0.586, 0.763, 0.576], [0.545, 0.718, 0.403])],
  ['grad_norm', rows([0.328, 0.438, 0.509], [0.341, 0.451, 0.278], [0.31, 0.418, 0.265])],
  ['grasp', rows([0.352, 0.505, 0.518], [0.349, 0.498, 0.284], [0.359, 0.502, 0.281])],
  ['snip', rows([0.431, 0.591, 0.513], [0.44, 0.597, 0.286], [0.389, 0.521, 0.286])],
  ['synflow', rows([0.561, 0.758, 0.709], [0.553, 0.75, 0.594], [0.531, 0.719, 0.511])],
  ['jacov', rows([0.616, 0.8, 0.54], [0.639, 0.82, 0.402], [0.602, 0.779, 0.356])],
  ['naswot', rows([0.571, 0.762, 0.607], [0.607, 0.799, 0.475], [0.605, 0.794, 0.49])],
  ['zen', rows([0.102, 0.103, 0.12], [0.079, 0.072, 0.115], [0.091, 0.109, 0.073])],
  ['zico', rows([0.607, 0.802, 0.751], [0.614, 0.809, 0.607], [0.587, 0.779, 0.523])],
  ['te_nas', rows([0.536, 0.722, 0.602], [0.537, 0.723, 0.327], [0.523, 0.709, 0.33])],
  ['az_nas', rows([0.712, 0.892, 0.749], [0.696, 0.88, 0.549], [0.673, 0.859, 0.534])],
  ['layers', rows([0.626, 0.767, 0.671], [0.646, 0.787, 0.525], [0.623, 0.764, 0.497])],
  ['vkdnw_single', rows([0.618, 0.815, 0.751], [0.634, 0.829, 0.617], [0.622, 0.814, 0.608])],
  ['forest (graph)', rows([0.82, 0.953, 0.935], [0.809, 0.948, 0.858], [0.796, 0.941, 0.828])],
  ['forest (graph + proxies)', rows([0.859, 0.971, 0.946], [0.847, 0.966, 0.895], [0.842, 0.963, 0.867])],
  ['vkdnw_agg', rows([0.75, 0.919, 0.785], [0.753, 0.919, 0.636], [0.743, 0.906, 0.664])],
]);

function rows(...all: PublishedRow): PublishedRow {
  return all;
}
