/** A text that uses every construct of the language. */
export const SAMPLE = `import { ConvBnAct, Other } from "./blocks.arch"

/// Options of an edge.
let nb201_ops = [none, skip_connect, nor_conv_1x1, conv(16, 3x3)]
let stages = [(16, 1), (32, 2), (64, 2)]

/// Two convolutions
///   and a way around them.
block BasicBlock(out, stride = 1, in = 3) {
  residual {
    conv(out, 3x3, stride = stride) -> bn -> relu
    conv(out, 3x3) -> bn
  } shortcut {
    if (stride != 1 && !(out < 8)) { conv(out, 1x1, stride = stride) -> bn }
    else if (stride == 2) { relu } else { tanh }
  }
  relu
}

// Not documentation.
model ResNet20 {
  input 32x32x3
  classes 10
  constraint params <= 0.3M
  conv(16, 3x3) -> bn -> relu : 32x32x16
  for (c, s) in stages {
    repeat 3 as i { BasicBlock(c, stride = i == 0 ? s : 1) }
  }
  early = conv(-channels * 2 + 1, in = 3)
  parallel concat {
    branch { relu }
    branch { early -> tanh }
  } -> add(early)
  for width in [16, 32] { dense(round8(width)) }
  gap -> dense(classes) : 10
}

cell Nb201Cell {
  0 -> 1: choice(nb201_ops)
  0 -> 2: choice(nb201_ops)   1 -> 2: relu -> choice(a, b)
}
cell Best = "|nor_conv_3x3~0|+|none~0|none~1|"
cell Joined[a, b](width, stride = 1) {
  0 -> 2: conv(width, 1x1)   choice(0, (0, 1)) -> 2: relu
  add(1, 2)
}
cell Pairs[a, b] = [(relu, 0), (conv(16), 1)] -> concat(2)

block Swap[a, b]() {
  [first, second] = [b, a] -> Joined(16)
  [first, second]
}

space Mobile {
  input 224x224x3
  classes 1000
  constraint flops <= 450M
  let k = choice(3x3, 5x5)
  repeat choice(1, 2) { InvertedResidual(24, k) }
  residual { layernorm -> attention(4) }
  residual { layernorm -> dense(channels) }
  /* block
     comment */
  gap -> dense(classes)
}

/// Of any depth.
model Plain(depths, Unit = BasicBlock, width = 16) {
  input 32x32x3
  classes 10
  for n in depths {
    repeat n { Unit(width) }
  }
  gap -> dense(classes)
}

/// The published one.
model Plain20 = Plain([3, 3, 3])
model Wide = Plain([1, 1], conv, width = 64)
`;
