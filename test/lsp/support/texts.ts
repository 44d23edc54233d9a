/** A block that others call. */
export const blocks = `/// Two convolutions and a shortcut.
block Basic(out, stride = 1) {
  residual {
    conv(out, 3x3, stride = stride) -> bn -> relu
    conv(out, 3x3) -> bn
  } shortcut {
    if (stride != 1) { conv(out, 1x1, stride = stride) -> bn }
  }
  relu
}
`;

/** A network of it. */
export const residual = `${blocks}
/// Small.
model Small {
  input 32x32x3
  classes 10
  let width = 16
  conv(width, 3x3) -> bn -> relu
  for (c, s) in [(16, 1), (32, 2), (64, 2)] {
    repeat 2 as i { Basic(c, stride = i == 0 ? s : 1) }
  }
  gap -> dense(classes) : 10
}
`;
