/**
 * onnxruntime's graph optimisers that find nothing in a tensor program. Each walks the whole graph; without them a
 * session is built in three quarters to half of the time, and the programs run as fast.
 */
const quantisation = [
  'AvoidQuantizeScalar',
  'DoubleQDQPairsRemover',
  'DynamicQuantizeMatMulFusion',
  'EnsureUniqueDQForNodeUnit',
  'MatMulIntegerToFloatFusion',
  'MatMulNBitsFusion',
  'NhwcTransformer',
  'QDQPropagationTransformer',
  'QDQSelectorActionTransformer',
  'WeightBiasQuantization',
];

/** Optimisers for patterns of exported language models. In a program with derivatives the values inside a pattern are used. */
const languageModels = [
  'AttentionFusion',
  'BiasDropoutFusion',
  'BiasGeluFusion',
  'BiasSoftmaxFusion',
  'EmbedLayerNormFusion',
  'FastGeluFusion',
  'GroupQueryAttentionFusion',
  'LayerNormFusion',
  'QuickGeluFusion',
  'SimplifiedLayerNormFusion',
  'SkipLayerNormFusion',
];

/** Optimisers for what `simplify` (server/tensor) has done already, and for other devices. */
const done = [
  'CommonSubexpressionElimination',
  'ConcatSliceElimination',
  'ConstantSharing',
  'FreeDimensionOverrideTransformer',
  'GatherSliceToSplitFusion',
  'GatherToSliceFusion',
  'GatherToSplitFusion',
  'GemmActivationFusion',
  'Level1_RuleBasedTransformer',
  'Level2_RuleBasedTransformer',
  'MatMulActivationFusion',
  'MatMulAddFusion',
  'MatMulScaleFusion',
  'ReshapeFusion',
  'RocmBlasAltImpl',
  'TransposeOptimizer',
];

/** Their names in the form of the session option `optimization.disable_specified_optimizers`. */
export const disabledOptimizers = [...quantisation, ...languageModels, ...done].join(';');
