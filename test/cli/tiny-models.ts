/** Two networks that are scored in a moment. */
export const tinyModels = `
model Small {
  input 8x8x3
  classes 5
  conv(4, 3x3) -> bn -> relu -> conv(6, 3x3, stride = 2) -> bn -> relu
  gap -> dense(classes)
}
model Larger {
  input 8x8x3
  classes 5
  repeat 3 { residual { conv(3, 3x3) -> bn -> relu } }
  gap -> dense(classes)
}
`;

/** A model with a misspelt name. */
export const brokenModel = `
model Broken {
  input 8x8x3
  classes 5
  gap -> dense(clases)
}
`;
