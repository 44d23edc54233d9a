/** The package of the CUDA engine; its version is in `cuda/package.json`. */
export const cudaPackage = '@tensorflow/tfjs-node-gpu';
