/** The package of the CUDA engine, and the version it is tested with. */
export const cudaPackage = '@tensorflow/tfjs-node-gpu';
export const cudaVersion = '4.22.0';
