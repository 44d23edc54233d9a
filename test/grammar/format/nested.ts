/*
 * Texts for the formatter: bodies in bodies with comments anywhere, mostly in one line, of lengths about the width of a
 * line, so that what is spread depends on a character more or less. Written by hand, for it is a matter of many
 * texts.
 */

/** A number from 0 to below a limit. */
type Draw = (limit: number) => number;

/** Mulberry32. */
function drawing(seed: number): Draw {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

const ops = [
  'relu',
  'relu',
  'bn',
  'Unit',
  'conv ( 8 , 3x3 )',
  'conv ( 8 , 3x3 )',
  'dense ( classes )',
  'choice ( relu , bn )',
  'conv ( 8 , [ 1 , ( 2 , 3 ) ] )',
  'concat ( a , input )',
  'B ( cell = 1 , kernel = - x + ! y )',
  'a_rather_long_name_of_a_block ( with = 1 , some = 2 , arguments = 3 )',
];

const tuples = [
  '( 1 , 16 , relu )',
  '( 10 , - 8 , bn )',
  '( conv ( 8 , 3x3 ) , [ 1 ] , 2 )',
  '( x ? 1 : 2 , )',
];

const broken = ['model M { relu -> }', 'block {', 'let x =', 'import { A from "./a.arch"', '} }'];

const breaks = ['\n', '\n', '\n\n\n', '\r\n', '\t', ''];

const comments = [
  ' // note\n',
  ' /* note */ ',
  '/**/',
  ' /* two\nlines */ ',
  '\n/// doc\n',
  '\n\n// alone\n\n',
];

/** Writes one text. Words are joined by single spaces, which become gaps at the end. */
class Writer {
  readonly #draw: Draw;
  /** How many more statements may be written. */
  #budget: number;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#budget = 1 + draw(10);
  }

  text(): string {
    const declarations = Array.from({ length: 1 + this.#draw(2) }, () => this.#declaration());
    // Of many texts only some have line breaks or comments at all.
    const oneIn = this.#pick([4, 20, 100, 1000]);
    const words = declarations.join(' ').split(' ');
    // Some have mistakes: a word too few, or one elsewhere.
    for (let mistakes = this.#pick([0, 0, 0, 0, 1, 3]); mistakes > 0; mistakes--) {
      const [word] = words.splice(this.#draw(words.length), 1);
      if (this.#draw(2) === 0) words.splice(this.#draw(words.length), 0, word!);
    }
    return words.map((word, index) => (index === 0 ? '' : this.#gap(oneIn)) + word).join('');
  }

  #gap(oneIn: number): string {
    if (this.#draw(oneIn) > 0) return ' ';
    return this.#draw(2) === 0 ? this.#pick(comments) : ` ${this.#pick(breaks)}`;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#draw(list.length)]!;
  }

  #declaration(): string {
    // Makes the first line longer or shorter.
    const name = `n${'a'.repeat(this.#draw(60))}`;
    switch (this.#draw(12)) {
      case 0:
        return `cell ${name} { ${this.#list(1 + this.#draw(6), (at) => `${at} -> ${at + 1} : ${this.#flow(2)}`)} }`;
      case 1:
        return `let ${name} = [ ${Array.from({ length: this.#draw(5) }, () => this.#pick(tuples)).join(' , ')} ]`;
      case 2:
        return this.#pick(broken);
      default:
        return `${this.#pick(['model', 'space', 'block'])} ${name} ${this.#body(4)}`;
    }
  }

  #list(length: number, make: (index: number) => string): string {
    return Array.from({ length }, (_, index) => make(index)).join(' ');
  }

  #body(depth: number): string {
    const length = this.#draw(4);
    return length === 0 ? '{ }' : `{ ${this.#list(length, () => this.#statement(depth - 1))} }`;
  }

  #statement(depth: number): string {
    if (depth <= 0 || this.#budget-- <= 0) return this.#pick(ops);
    switch (this.#draw(12)) {
      case 0:
        return `${this.#flow(depth)} : 8x8x8`;
      case 1:
        return `named = ${this.#flow(depth)}`;
      case 2:
        return `repeat 2 as i ${this.#body(depth)}`;
      case 3:
        return `for ( c , s ) in [ ( 1 , 2 ) ] ${this.#body(depth)}`;
      case 4:
        return `if ( x > 1 ) ${this.#body(depth)} else if ( y ) ${this.#body(depth)} else ${this.#body(depth)}`;
      default:
        return this.#flow(depth);
    }
  }

  #flow(depth: number): string {
    const length = this.#draw(4) === 0 ? 1 + this.#draw(12) : 1 + this.#draw(3);
    return Array.from({ length }, () => this.#element(depth)).join(' -> ');
  }

  #element(depth: number): string {
    if (depth <= 0) return this.#pick(ops);
    switch (this.#draw(8)) {
      case 0:
        return `residual ${this.#body(depth)}`;
      case 1:
        return `residual ${this.#body(depth)} shortcut ${this.#body(depth)}`;
      case 2:
      case 3: {
        const branches = this.#list(1 + this.#draw(3), () => `branch ${this.#body(depth - 1)}`);
        return `parallel ${this.#pick(['add', 'concat', 'mul'])} { ${branches} }`;
      }
      default:
        return this.#pick(ops);
    }
  }
}

/** The same text for the same seed. */
export function nestedText(seed: number): string {
  return new Writer(drawing(seed)).text();
}
