/** What a new file begins with: small enough to be scored in a moment, and it shows blocks, loops and a residual. */
export const starterModel = `/// Two 3x3 convolutions and a shortcut.
block BasicBlock(out, stride = 1) {
  residual {
    conv(out, 3x3, stride = stride) -> bn -> relu
    conv(out, 3x3) -> bn
  } shortcut {
    if (stride != 1) { conv(out, 1x1, stride = stride) -> bn }
  }
  relu
}

/// A small residual network for 32x32 colour images.
model MyNetwork {
  input 32x32x3
  classes 10
  conv(16, 3x3) -> bn -> relu
  for (c, s) in [(16, 1), (32, 2), (64, 2)] {
    BasicBlock(c, stride = s)
  }
  gap -> dense(classes) : 10
}
`;
