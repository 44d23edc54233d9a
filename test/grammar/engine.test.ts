// What `grammar/engine.ts` takes of Chevrotain beyond its documented interface. When Chevrotain is updated, each of these tests names
// the member that is no longer what it was; where all pass, `tested` becomes the new version.
import { createToken, EmbeddedActionsParser, Lexer, VERSION, type IToken, type TokenType } from 'chevrotain';
import { describe, expect, test } from 'vitest';
import { SpannedParser } from '../../grammar/engine.ts';
import manifest from '../../package.json' with { type: 'json' };

const tested = '13.2.0';

test('the version is pinned, and is the one whose members were looked at', () => {
  const what =
    'Compare what chevrotain/lib/src/parse/parser/traits (recognizer_engine.js, lexer_adapter.js) does with the members named in grammar/engine.ts, run the tests of test/grammar, then change `tested`.';
  expect(manifest.dependencies.chevrotain, 'package.json has to name one version').toBe(tested);
  expect(VERSION, what).toBe(tested);
});

const A = createToken({ name: 'A', pattern: /a/ });
const B = createToken({ name: 'B', pattern: /b/ });
const Space = createToken({ name: 'Space', pattern: / /, group: Lexer.SKIPPED });
const lexer = new Lexer([Space, A, B], { positionTracking: 'onlyOffset' });

/** Notes what Chevrotain calls; `pair` is `a` and `b`, `either` one of them. */
class Noting extends SpannedParser {
  calls: unknown[] = [];
  /** What a call of `raiseNoAltException` throws. */
  thrown = new Error('abandoned');

  constructor() {
    super([Space, A, B], { maxLookahead: 2, recoveryEnabled: false });
    this.performSelfAnalysis();
  }

  readonly pair = this.RULE('pair', () => {
    this.CONSUME(A);
    this.CONSUME1(B);
    return this.getCurrRuleFullName();
  });

  readonly either = this.RULE(
    'either',
    () =>
      this.OR1({
        DEF: [{ ALT: () => this.CONSUME(A).image }, { ALT: () => this.CONSUME(B).image }],
        ERR_MSG: 'a place',
      }),
    { recoveryValueFunc: () => 'made up for' },
  );

  readonly inner = this.RULE('inner', () => `${this.SUBRULE(this.pair)} in ${this.getCurrRuleFullName()}`);

  readonly list = this.RULE('list', () => {
    const read: string[] = [];
    this.MANY({
      GATE: () => {
        if (!this.RECORDING_PHASE && this.LA(1).tokenType === B) this.insert(token(A));
        return true;
      },
      DEF: () => {
        read.push(this.CONSUME(A).tokenType.name);
        this.OPTION(() => this.CONSUME(B));
      },
    });
    return read;
  });

  override consumeInternal(type: TokenType, index: number, options: unknown): IToken {
    if (!this.RECORDING_PHASE) this.calls.push(['consumeInternal', type.name, index]);
    return super.consumeInternal(type, index, options);
  }

  override raiseNoAltException(occurrence: number, place: string | undefined): never {
    this.calls.push(['raiseNoAltException', occurrence, place]);
    throw this.thrown;
  }

  override invokeRuleCatch<Value>(error: unknown, resync: boolean, recovered: () => Value): Value {
    this.calls.push(['invokeRuleCatch', error, resync]);
    return recovered();
  }

  over(text: string): this {
    this.calls = [];
    this.input = lexer.tokenize(text).tokens;
    return this;
  }

  /** How many tokens Chevrotain counts. */
  get counted(): number {
    return this.tokVectorLength;
  }
}

const token = (tokenType: TokenType): IToken => ({
  image: '',
  startOffset: 0,
  tokenType,
  tokenTypeIdx: tokenType.tokenTypeIdx!,
});

describe('of Chevrotain', () => {
  const members = ['consumeInternal', 'raiseNoAltException', 'invokeRuleCatch', 'getCurrRuleFullName'];

  test.each(members)('%s is a method', (name) => {
    const remedy = `Look for what took the place of ${name} in Chevrotain, and change grammar/engine.ts and grammar/recovery/recovery.ts.`;
    expect(typeof (EmbeddedActionsParser.prototype as unknown as Record<string, unknown>)[name], remedy).toBe(
      'function',
    );
  });

  test('consumeInternal is what every CONSUME calls, with type and number; recovery gives it a token that is missing', () => {
    const parser = new Noting().over('a b');
    parser.pair();
    expect(parser.calls, 'consumeInternal is overridden in grammar/recovery/recovery.ts').toEqual([
      ['consumeInternal', 'A', 0],
      ['consumeInternal', 'B', 1],
    ]);
  });

  test('raiseNoAltException is called where no alternative fits, with the number of the OR and its ERR_MSG; what it throws goes to invokeRuleCatch, which gives the value of the rule', () => {
    const parser = new Noting().over('');
    const value = parser.either();
    expect(
      parser.calls,
      'raiseNoAltException and invokeRuleCatch are overridden in grammar/recovery/recovery.ts',
    ).toEqual([
      ['raiseNoAltException', 1, 'a place'],
      ['invokeRuleCatch', parser.thrown, expect.any(Boolean)],
    ]);
    expect(value, 'invokeRuleCatch gets what makes up for the value of the rule').toBe('made up for');
  });

  test('getCurrRuleFullName is the name of the innermost rule, also after one that was called', () => {
    expect(
      new Noting().over('a b').inner(),
      'getCurrRuleFullName says in messages what is missing: see PLACES in grammar/recovery/messages.ts',
    ).toBe('pair in inner');
  });

  test('tokVectorLength counts the tokens of input, which are read as they are: one that is inserted is read next', () => {
    const parser = new Noting().over('a b b');
    expect(parser.counted, 'tokVectorLength is raised in grammar/engine.ts (insert)').toBe(3);
    expect(
      parser.list(),
      'insert in grammar/engine.ts puts a token into input and raises tokVectorLength',
    ).toEqual(['A', 'A']);
    expect(parser.counted).toBe(4);
  });
});
